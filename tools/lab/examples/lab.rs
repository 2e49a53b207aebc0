//! Runs a lab until it is interrupted: `cargo run --target host-tuple -p tools-lab --example lab -- --port 4000`

#[cfg(not(target_family = "wasm"))]
fn main() -> anyhow::Result<()> {
    use anyhow::{Context, bail};
    use kata_lab::{Lab, LabOptions};

    let mut options = LabOptions::default();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--port" => {
                let port = args.next().context("--port wants a number")?;
                options.addr.set_port(
                    port.parse()
                        .with_context(|| format!("{port:?} is not a port"))?,
                );
            }
            other => bail!("unknown argument {other:?}; usage: lab [--port PORT]"),
        }
    }
    let lab = Lab::start(options)?;
    println!(
        "the lab is at {}, its second origin at {}",
        lab.base_url(),
        lab.second_origin_url()
    );
    loop {
        std::thread::park();
    }
}

#[cfg(target_family = "wasm")]
fn main() {}
