//! What a program hears that looks for what it was not given. (The texts are its own: systems differ in the
//! number of an error that nobody asks for.)

use std::io::{IsTerminal, Read};

fn main() {
    let file = std::fs::read("notes.txt");
    println!("lost: a file is there {}", file.is_ok());
    println!("its folder {:?}", file.map_err(|error| error.to_string()));
    println!(
        "a folder can be made {}",
        std::fs::create_dir("new").is_ok()
    );
    println!(
        "a socket {}",
        std::net::TcpStream::connect("127.0.0.1:80").is_ok()
    );
    println!("a terminal {}", std::io::stdout().is_terminal());
    let mut text = String::new();
    println!(
        "input {:?}",
        std::io::stdin().read_to_string(&mut text).ok()
    );
    println!("variable {:?}", std::env::var("NOT_THERE").ok());
}
