//! One source, three sets of instructions, chosen when called: the wheel runs on every x86-64 and
//! still uses what it finds. Elsewhere (NEON) the target's own set is all there is.

/// Work to be compiled for several sets of instructions.
///
/// `run` and all that it calls must be `#[inline(always)]`: a function that is called keeps the
/// instructions it was compiled for.
pub trait Job {
    fn run(self);
}

/// Runs the job with the widest vectors that this processor has.
pub fn run_widest(job: impl Job) {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
        {
            // SAFETY: the processor has what the function was compiled for (BW implies F).
            return unsafe { with_avx512(job) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: as above.
            return unsafe { with_avx2(job) };
        }
    }
    job.run();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn with_avx512(job: impl Job) {
    job.run();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(job: impl Job) {
    job.run();
}
