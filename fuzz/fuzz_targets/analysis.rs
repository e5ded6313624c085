#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| asl_lsp_fuzz::analysis(data));

// Every other input stays JSON.
libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], len: usize, max_len: usize, seed: u32| {
    asl_lsp_fuzz::mutate(data, len, max_len, seed, libfuzzer_sys::fuzzer_mutate)
});
