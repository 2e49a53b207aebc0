//! A panic: its words on stderr, and then a trap, which is no code.

fn main() {
    println!("panics");
    let args: Vec<_> = std::env::args().collect();
    let missing = args.len() + 7;
    println!("{}", args[missing]);
}
