//! Bytes that a reader's browser loads for each bundle.

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use kata_builder::{Builder, Built, Profile, Request};
use kata_zones::Workspace;
use std::io::Write;
use std::path::Path;

pub async fn run(ws: &Workspace) -> anyhow::Result<()> {
    let builder = Builder::new(ws)?;
    println!("Bytes of each bundle (release): wasm and glue, as they are and through gzip -9");
    println!(
        "{:<18} {:<28} {:>9} {:>9} {:>8} {:>8}",
        "zone", "variant", "wasm", "wasm.gz", "glue", "glue.gz"
    );
    for zone in ws.zones()? {
        let requests: Vec<Request> = zone
            .variants()
            .into_iter()
            .map(|v| Request::variant(&zone, v))
            .collect();
        for (request, built) in requests
            .iter()
            .zip(builder.build(&requests, Profile::Release).await?)
        {
            let label = request.source.label();
            match built {
                Built::Ready(bundle) => println!(
                    "{:<18} {label:<28} {:>9} {:>9} {:>8} {:>8}",
                    zone.slug,
                    bundle.wasm_bytes,
                    compressed(&bundle.dir.join("spec_bg.wasm"))?,
                    bundle.glue_bytes,
                    compressed(&bundle.dir.join("spec.js"))?
                ),
                Built::Refused(_) => println!(
                    "{:<18} {label:<28} does not compile, as declared",
                    zone.slug
                ),
                Built::TimedOut(limit) => bail!(
                    "{label} of {} did not compile within {} s",
                    zone.slug,
                    limit.as_secs()
                ),
            }
        }
    }
    Ok(())
}

fn compressed(path: &Path) -> anyhow::Result<usize> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes).context("compressing")?;
    Ok(encoder.finish().context("compressing")?.len())
}
