//! A program that wants to wait.

fn main() {
    println!("sleeps");
    std::thread::sleep(std::time::Duration::from_millis(1));
}
