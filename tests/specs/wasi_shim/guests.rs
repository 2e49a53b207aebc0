//! Guests: their texts, the bytes that the texts are assembled to, and what comes of a run.
//!
//! `cargo test --target host-tuple -p solution-wasi-shim --test native` assembles the texts again, runs the
//! guests under systems of others, Node.js's and Wasmtime's, and compares. It also compiles programs in Rust, one
//! of which does what `greeter` does, and runs them under all.

/// Puts out its arguments, a line each, and its environment as errors; ends with the number of its
/// arguments. It makes room as an allocator does: by growing its memory.
#[cfg(not(target_family = "wasm"))]
pub const GREETER_TEXT: &str = r#"(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 48) "\n")

  ;; Gives up if a call was refused, with 100 and its number.
  (func $must (param $errno i32)
    (if (local.get $errno) (then (call $proc_exit (i32.add (i32.const 100) (local.get $errno))))))

  ;; Room for so many bytes, in pages of its own.
  (func $room (param $bytes i32) (result i32)
    (i32.mul
      (memory.grow (i32.add (i32.div_u (local.get $bytes) (i32.const 65536)) (i32.const 1)))
      (i32.const 65536)))

  ;; Puts bytes out, however few of them are taken at a time. One place at 16, how many were taken at 24.
  (func $put (param $fd i32) (param $at i32) (param $len i32)
    (loop $more
      (if (local.get $len) (then
        (i32.store (i32.const 16) (local.get $at))
        (i32.store (i32.const 20) (local.get $len))
        (call $must (call $fd_write (local.get $fd) (i32.const 16) (i32.const 1) (i32.const 24)))
        (local.set $at (i32.add (local.get $at) (i32.load (i32.const 24))))
        (local.set $len (i32.sub (local.get $len) (i32.load (i32.const 24))))
        (br $more)))))

  ;; Puts out a text that ends with a NUL, and a newline.
  (func $line (param $fd i32) (param $text i32)
    (local $end i32)
    (local.set $end (local.get $text))
    (block $nul (loop $next
      (br_if $nul (i32.eqz (i32.load8_u (local.get $end))))
      (local.set $end (i32.add (local.get $end) (i32.const 1)))
      (br $next)))
    (call $put (local.get $fd) (local.get $text) (i32.sub (local.get $end) (local.get $text)))
    (call $put (local.get $fd) (i32.const 48) (i32.const 1)))

  ;; Puts out the texts whose addresses stand in a list.
  (func $lines (param $fd i32) (param $list i32) (param $count i32)
    (loop $next
      (if (local.get $count) (then
        (call $line (local.get $fd) (i32.load (local.get $list)))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))))

  (func (export "_start")
    (local $list i32) (local $count i32)
    ;; How many there are goes to 0, and how many bytes they take to 4.
    (call $must (call $args_sizes_get (i32.const 0) (i32.const 4)))
    (local.set $count (i32.load (i32.const 0)))
    (local.set $list (call $room (i32.mul (local.get $count) (i32.const 4))))
    (call $must (call $args_get (local.get $list) (call $room (i32.load (i32.const 4)))))
    (call $lines (i32.const 1) (local.get $list) (local.get $count))

    (call $must (call $environ_sizes_get (i32.const 0) (i32.const 4)))
    ;; As C's library does, it does not ask for none. (Node.js answers INVAL then.)
    (if (i32.load (i32.const 0)) (then
      (local.set $list (call $room (i32.mul (i32.load (i32.const 0)) (i32.const 4))))
      (call $must (call $environ_get (local.get $list) (call $room (i32.load (i32.const 4)))))
      (call $lines (i32.const 2) (local.get $list) (i32.load (i32.const 0)))))

    ;; The time, which is never 0, and sixteen random bytes, of which not all are.
    (call $must (call $clock_time_get (i32.const 0) (i64.const 1) (i32.const 32)))
    (call $must (i64.eqz (i64.load (i32.const 32))))
    (call $must (call $random_get (i32.const 32) (i32.const 16)))
    (call $must (i64.eqz (i64.or (i64.load (i32.const 32)) (i64.load (i32.const 40)))))

    (call $proc_exit (local.get $count))
    (call $put (i32.const 2) (i32.const 0) (i32.const 64))))
"#;

/// Asks for what a small system does not offer, and puts out one byte for each answer.
#[cfg(not(target_family = "wasm"))]
pub const WANDERER_TEXT: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $sched_yield (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; One place: the bytes from 64 on.
  (data (i32.const 16) "\40\00\00\00\06\00\00\00")
  (func (export "_start")
    (i32.store8 (i32.const 64) (call $path_open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4)
      (i32.const 0) (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 0)))
    (i32.store8 (i32.const 65) (call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0)))
    (i32.store8 (i32.const 66) (call $sched_yield))
    (i32.store8 (i32.const 67) (call $fd_seek (i32.const 1) (i64.const 0) (i32.const 0) (i32.const 0)))
    (i32.store8 (i32.const 68) (call $fd_seek (i32.const -1) (i64.const 0) (i32.const 0) (i32.const 0)))
    (i32.store8 (i32.const 69) (call $fd_prestat_get (i32.const 3) (i32.const 0)))
    (drop (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24)))))
"#;

/// What a guest is started with, as text.
pub struct Case {
    pub args: Vec<String>,
    pub environ: Vec<(String, String)>,
}

/// What `greeter` is started with. What comes of it, [`Case::expected`] says.
pub fn cases() -> Vec<Case> {
    let case = |args: &[&str], environ: &[(&str, &str)]| Case {
        args: args.iter().map(|arg| arg.to_string()).collect(),
        environ: environ
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect(),
    };
    let long = "é".repeat(40_000);
    vec![
        case(&["greeter"], &[]),
        case(&["greeter", "Zoë", "日本語", "🦀"], &[("NAME", "Zoë 🦀")]),
        case(
            &["greeter", "", "two words", "a\nline", " "],
            &[
                ("EMPTY", ""),
                ("PATH", "/bin:/usr/bin"),
                ("EQUALS", "a=b=c"),
            ],
        ),
        case(&["greeter", &long, "behind"], &[("LONG", &long)]),
    ]
}

impl Case {
    /// What stdout and stderr take, and the code of the end.
    pub fn expected(&self) -> (Vec<u8>, Vec<u8>, u32) {
        let lines = |texts: &mut dyn Iterator<Item = String>| {
            texts
                .map(|text| text + "\n")
                .collect::<String>()
                .into_bytes()
        };
        let mut environ = self
            .environ
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let stdout = lines(&mut self.args.iter().cloned());
        (stdout, lines(&mut environ), self.args.len() as u32)
    }
}

/// `greeter` in the binary format.
pub const GREETER: &[u8] = b"\x00asm\x01\x00\x00\x00\x01-\x08`\x02\x7f\x7f\x01\x7f`\x03\x7f~\x7f\x01\x7f`\x04\x7f\x7f\x7f\x7f\x01\x7f\
    `\x01\x7f\x00`\x01\x7f\x01\x7f`\x03\x7f\x7f\x7f\x00`\x02\x7f\x7f\x00`\x00\x00\x02\xac\x02\x08\x16wasi_sn\
    apshot_preview1\x0eargs_sizes_get\x00\x00\x16wasi_snapshot_preview1\x08args_get\x00\x00\x16wasi_snapshot\
    _preview1\x11environ_sizes_get\x00\x00\x16wasi_snapshot_preview1\x0benviron_get\x00\x00\x16wasi_snapshot\
    _preview1\x0eclock_time_get\x00\x01\x16wasi_snapshot_preview1\nrandom_get\x00\x00\x16wasi_snapshot_previ\
    ew1\x08fd_write\x00\x02\x16wasi_snapshot_preview1\tproc_exit\x00\x03\x03\x07\x06\x03\x04\x05\x06\x05\x07\
    \x05\x03\x01\x00\x01\x07\x13\x02\x06memory\x02\x00\x06_start\x00\r\n\xd3\x02\x06\x0f\x00 \x00\x04@A\xe4\
    \x00 \x00j\x10\x07\x0b\x0b\x13\x00 \x00A\x80\x80\x04nA\x01j@\x00A\x80\x80\x04l\x0b:\x00\x03@ \x02\x04@A\
    \x10 \x016\x02\x00A\x14 \x026\x02\x00 \x00A\x10A\x01A\x18\x10\x06\x10\x08 \x01A\x18(\x02\x00j!\x01 \x02A\
    \x18(\x02\x00k!\x02\x0c\x01\x0b\x0b\x0b2\x01\x01\x7f \x01!\x02\x02@\x03@ \x02-\x00\x00E\r\x01 \x02A\x01j\
    !\x02\x0c\x00\x0b\x0b \x00 \x01 \x02 \x01k\x10\n \x00A0A\x01\x10\n\x0b#\x00\x03@ \x02\x04@ \x00 \x01(\
    \x02\x00\x10\x0b \x01A\x04j!\x01 \x02A\x01k!\x02\x0c\x01\x0b\x0b\x0b\x9a\x01\x01\x02\x7fA\x00A\x04\x10\
    \x00\x10\x08A\x00(\x02\x00!\x01 \x01A\x04l\x10\t!\x00 \x00A\x04(\x02\x00\x10\t\x10\x01\x10\x08A\x01 \x00 \
    \x01\x10\x0cA\x00A\x04\x10\x02\x10\x08A\x00(\x02\x00\x04@A\x00(\x02\x00A\x04l\x10\t!\x00 \x00A\x04(\x02\
    \x00\x10\t\x10\x03\x10\x08A\x02 \x00A\x00(\x02\x00\x10\x0c\x0bA\x00B\x01A \x10\x04\x10\x08A )\x03\x00P\
    \x10\x08A A\x10\x10\x05\x10\x08A )\x03\x00A()\x03\x00\x84P\x10\x08 \x01\x10\x07A\x02A\x00A\xc0\x00\x10\n\
    \x0b\x0b\x07\x01\x00A0\x0b\x01\n\x00\x89\x02\x04name\x01\x8a\x01\r\x00\x0eargs_sizes_get\x01\x08args_get\
    \x02\x11environ_sizes_get\x03\x0benviron_get\x04\x0eclock_time_get\x05\nrandom_get\x06\x08fd_write\x07\t\
    proc_exit\x08\x04must\t\x04room\n\x03put\x0b\x04line\x0c\x05lines\x02U\x06\x08\x01\x00\x05errno\t\x01\
    \x00\x05bytes\n\x03\x00\x02fd\x01\x02at\x02\x03len\x0b\x03\x00\x02fd\x01\x04text\x02\x03end\x0c\x03\x00\
    \x02fd\x01\x04list\x02\x05count\r\x02\x00\x04list\x01\x05count\x03\x1e\x03\n\x01\x00\x04more\x0b\x02\x00\
    \x03nul\x01\x04next\x0c\x01\x00\x04next";

/// `wanderer` in the binary format.
pub const WANDERER: &[u8] = b"\x00asm\x01\x00\x00\x00\x01+\x06`\t\x7f\x7f\x7f\x7f\x7f~~\x7f\x7f\x01\x7f`\x04\x7f\x7f\x7f\x7f\x01\x7f`\
    \x00\x01\x7f`\x04\x7f~\x7f\x7f\x01\x7f`\x02\x7f\x7f\x01\x7f`\x00\x00\x02\xd9\x01\x06\x16wasi_snapshot_pr\
    eview1\tpath_open\x00\x00\x16wasi_snapshot_preview1\x0bpoll_oneoff\x00\x01\x16wasi_snapshot_preview1\x0b\
    sched_yield\x00\x02\x16wasi_snapshot_preview1\x07fd_seek\x00\x03\x16wasi_snapshot_preview1\x0efd_prestat\
    _get\x00\x04\x16wasi_snapshot_preview1\x08fd_write\x00\x01\x03\x02\x01\x05\x05\x03\x01\x00\x01\x07\x13\
    \x02\x06memory\x02\x00\x06_start\x00\x06\nm\x01k\x00A\xc0\x00A\x03A\x00A\x00A\x04A\x00B\x7fB\x7fA\x00A\
    \x00\x10\x00:\x00\x00A\xc1\x00A\x00A\x00A\x01A\x00\x10\x01:\x00\x00A\xc2\x00\x10\x02:\x00\x00A\xc3\x00A\
    \x01B\x00A\x00A\x00\x10\x03:\x00\x00A\xc4\x00A\x7fB\x00A\x00A\x00\x10\x03:\x00\x00A\xc5\x00A\x03A\x00\
    \x10\x04:\x00\x00A\x01A\x10A\x01A\x18\x10\x05\x1a\x0b\x0b\x0e\x01\x00A\x10\x0b\x08@\x00\x00\x00\x06\x00\
    \x00\x00\x00P\x04name\x01I\x06\x00\tpath_open\x01\x0bpoll_oneoff\x02\x0bsched_yield\x03\x07fd_seek\x04\
    \x0efd_prestat_get\x05\x08fd_write";
