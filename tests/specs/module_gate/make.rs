//! Modules made of bare sections: each has its number, its length and its bytes.

/// A module of these sections.
pub fn module(sections: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    for (number, bytes) in sections {
        wasm.push(*number);
        wasm.extend(leb(bytes.len()));
        wasm.extend(bytes);
    }
    wasm
}

/// A number as WebAssembly writes it, in groups of seven bits.
pub fn leb(number: usize) -> Vec<u8> {
    let mut number = number as u64;
    let mut bytes = Vec::new();
    loop {
        let group = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(group);
            return bytes;
        }
        bytes.push(group | 0x80);
    }
}

/// A list: how many there are, then each.
pub fn list(items: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = leb(items.len());
    items.iter().for_each(|item| bytes.extend(item));
    bytes
}

/// A function's body: it has no variables, and this code, to which an `end` is added.
pub fn body(code: &[u8]) -> Vec<u8> {
    let mut bytes = leb(code.len() + 2);
    bytes.push(0);
    bytes.extend(code);
    bytes.push(0x0b);
    bytes
}

/// A module of functions that take nothing and answer nothing, with this code each.
pub fn functions(codes: &[&[u8]]) -> Vec<u8> {
    let types = list(&[vec![0x60, 0, 0]]);
    let own = list(&vec![vec![0]; codes.len()]);
    let bodies: Vec<Vec<u8>> = codes.iter().map(|code| body(code)).collect();
    module(&[(1, types), (3, own), (10, list(&bodies))])
}

/// A module of memories with these limits: the flags, and the numbers that they announce.
pub fn memories(limits: &[(u8, &[u64])]) -> Vec<u8> {
    let memories: Vec<Vec<u8>> = limits
        .iter()
        .map(|(flags, numbers)| {
            let mut bytes = vec![*flags];
            numbers
                .iter()
                .for_each(|number| bytes.extend(long_leb(*number)));
            bytes
        })
        .collect();
    module(&[(5, list(&memories))])
}

fn long_leb(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// A custom section of this name, behind a module.
pub fn with_custom(wasm: &[u8], name: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = leb(name.len());
    bytes.extend(name.as_bytes());
    bytes.extend(content);
    let mut whole = wasm.to_vec();
    whole.push(0);
    whole.extend(leb(bytes.len()));
    whole.extend(bytes);
    whole
}
