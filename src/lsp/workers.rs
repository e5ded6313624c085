//! Threads that compute: few, and kept.
//!
//! glibc's allocator gives each thread an arena of its own, and what one has freed is of no use to another. Were the versions
//! of a document made now on this thread and now on that, each arena would grow to the size of the largest. So work that
//! makes them has one thread, and work that may take long takes the thread that was idle last.

use std::collections::VecDeque;
use std::fmt;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, mpsc};
use std::thread;

use tokio::sync::oneshot;

use super::guard::caught;

/// Simulations and other long work that may be under way at once.
const LONG_WORK_MAX: usize = 4;
/// Bytes of a document from which on work on it lets others go first: below, it takes a few milliseconds.
const LARGE_BYTES: u32 = 131_072;
/// How often others may go before work on a large document that waits.
const TURNS_MAX: u32 = 16;

/// The threads of a server.
#[derive(Debug)]
pub(super) struct Threads {
    /// For what is soon done: the layers of an analysis, findings and answers to requests.
    pub(super) analysis: Workers,
    /// For what may take long: simulations, graphs, reading files. It finds the layers of the analysis made.
    pub(super) long: Workers,
}

/// Threads that share their work, which is begun in the order in which it comes; but work on large documents waits for
/// that on others, so that opening a few large ones does not keep small ones from being shown.
pub(super) struct Workers(Arc<Shared>);

struct Shared {
    name: &'static str,
    n_threads_max: usize,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    n_threads: usize,
    /// The threads that have nothing to do, the last one that became so at the end.
    idle: Vec<mpsc::Sender<Work>>,
    /// What no thread has been free for.
    waiting: VecDeque<Work>,
    /// The same, on large documents.
    waiting_large: VecDeque<Work>,
    /// How often others have gone before them.
    n_turns: u32,
}

/// Something to do. It answers what hands its result over, which is called when the thread counts as idle again: whoever
/// waits for the result may have more to do at once.
type Work = Box<dyn FnOnce() -> Delivery + Send>;
type Delivery = Box<dyn FnOnce() + Send>;

/// What a thread does after its work.
enum Next {
    Work(Work),
    Wait(Receiver<Work>),
}

impl Default for Threads {
    fn default() -> Self {
        Self { analysis: Workers::new("analysis", 1), long: Workers::new("long-work", LONG_WORK_MAX) }
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers").field("name", &self.0.name).finish_non_exhaustive()
    }
}

impl Workers {
    /// No thread yet: they are made when there is work.
    fn new(name: &'static str, n_threads_max: usize) -> Self {
        Self(Arc::new(Shared { name, n_threads_max, queue: Mutex::default() }))
    }

    /// Computes on one of the threads. None when it panics: a mistake of ours costs one answer, not the server. Work that
    /// nobody waits for any more when its turn comes is left out.
    pub(super) async fn run<R: Send + 'static>(
        &self,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Option<R> {
        self.run_on(0, work).await
    }

    /// As [`Workers::run`], on a document of so many bytes.
    pub(super) async fn run_on<R: Send + 'static>(
        &self,
        n_bytes: u32,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Option<R> {
        let (sender, receiver) = oneshot::channel();
        let work = move || -> Delivery {
            if sender.is_closed() {
                return Box::new(|| ());
            }
            // A panic drops the sender, which tells the receiver.
            let result = work();
            Box::new(move || drop(sender.send(result)))
        };
        self.0.take(Box::new(work), n_bytes >= LARGE_BYTES);
        receiver.await.ok()
    }

    /// Frees a value on one of the threads: a version of a large document is as many pieces as it took to make it.
    pub(super) fn free<T: Send + 'static>(&self, value: T) {
        let work = move || -> Delivery {
            drop(value);
            Box::new(|| ())
        };
        self.0.take(Box::new(work), false);
    }
}

impl Queue {
    /// What has waited and is to be done next.
    fn next(&mut self) -> Option<Work> {
        if !self.waiting_large.is_empty() {
            if self.n_turns < TURNS_MAX && !self.waiting.is_empty() {
                self.n_turns += 1;
                return self.waiting.pop_front();
            }
            self.n_turns = 0;
            return self.waiting_large.pop_front();
        }
        self.waiting.pop_front()
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(self: &Arc<Self>, work: Work, is_large: bool) {
        let mut queue = self.queue();
        if let Some(thread) = queue.idle.pop() {
            // An idle thread waits for as long as its sender is there.
            let _ = thread.send(work);
        } else if queue.n_threads < self.n_threads_max {
            let shared = Arc::downgrade(self);
            let spawned =
                thread::Builder::new().name(self.name.to_owned()).spawn(move || serve(&shared, work));
            match spawned {
                Ok(_) => queue.n_threads += 1,
                Err(error) => tracing::error!(%error, "there is no thread for a computation"),
            }
        } else if is_large {
            queue.waiting_large.push_back(work);
        } else {
            queue.waiting.push_back(work);
        }
    }

    fn next(&self) -> Next {
        let mut queue = self.queue();
        if let Some(work) = queue.next() {
            return Next::Work(work);
        }
        let (sender, receiver) = channel();
        queue.idle.push(sender);
        Next::Wait(receiver)
    }
}

/// The life of a thread: it ends when its server is gone.
fn serve(shared: &Weak<Shared>, mut work: Work) {
    loop {
        // A thread that panics would be counted for ever, and what is handed to it be lost.
        let deliver = caught(work);
        let next = shared.upgrade().map(|shared| shared.next());
        if let Some(deliver) = deliver {
            caught(deliver);
        }
        work = match next {
            Some(Next::Work(work)) => work,
            Some(Next::Wait(receiver)) => match receiver.recv() {
                Ok(work) => work,
                Err(_) => return,
            },
            None => return,
        };
    }
}

#[cfg(test)]
mod tests {
    use std::thread::{self, ThreadId};

    use super::*;

    fn block_on<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    #[test]
    fn work_goes_to_the_same_thread() {
        let workers = Workers::new("test", 4);
        let ids: Vec<Option<ThreadId>> = block_on(async {
            [workers.run(|| thread::current().id()).await, workers.run(|| thread::current().id()).await]
                .into()
        });
        assert!(ids[0].is_some() && ids[0] == ids[1]);
    }

    #[test]
    fn a_panic_costs_one_answer() {
        let workers = Workers::new("test", 1);
        let answers = block_on(async {
            // Not by `panic!`, whose message would be in the output of the tests.
            [workers.run(|| std::panic::resume_unwind(Box::new(()))).await, workers.run(|| 2).await]
        });
        assert_eq!(answers, [None, Some(2)]);
    }

    /// Panics when it is freed.
    struct Unfreeable;

    impl Drop for Unfreeable {
        fn drop(&mut self) {
            std::panic::resume_unwind(Box::new(()));
        }
    }

    #[test]
    fn a_thread_outlives_what_panics_on_it() {
        let workers = Workers::new("test", 1);
        let name = || thread::current().name().map(str::to_owned);
        block_on(async {
            let id = workers.run(|| thread::current().id()).await;
            workers.free(Unfreeable);
            assert_eq!(workers.run(name).await.flatten().as_deref(), Some("test"));
            let (open, gate) = channel::<()>();
            let mut unheard = Box::pin(workers.run(move || gate.recv().map_or(Unfreeable, |()| Unfreeable)));
            tokio::select! {
                biased;
                _ = &mut unheard => {}
                () = std::future::ready(()) => {}
            }
            // Nobody waits for the result: it is freed where it was made.
            drop(unheard);
            drop(open);
            assert_eq!(workers.run(|| thread::current().id()).await, id);
        });
    }

    #[test]
    fn work_waits_for_a_thread_while_others_go_on() {
        let (few, others) = (Workers::new("test", 1), Workers::new("test", 1));
        let (open, gate) = channel();
        let answers = block_on(async {
            let blocked = few.run(move || gate.recv().is_ok());
            let waiting = few.run(|| true);
            let opened = others.run(move || open.send(()).is_ok());
            tokio::join!(blocked, waiting, opened)
        });
        assert_eq!(answers, (Some(true), Some(true), Some(true)));
    }

    /// The order in which work is done that comes while the only thread is busy; large work has a name in capitals.
    fn order(names: &'static str) -> String {
        let workers = Workers::new("test", 1);
        let (open, gate) = channel::<()>();
        let (tell, told) = channel();
        block_on(async {
            let mut all: Vec<std::pin::Pin<Box<dyn Future<Output = Option<()>>>>> = Vec::new();
            all.push(Box::pin(workers.run(move || _ = gate.recv())));
            for name in names.chars() {
                let (tell, size) = (tell.clone(), if name.is_uppercase() { LARGE_BYTES } else { 1 });
                all.push(Box::pin(workers.run_on(size, move || _ = tell.send(name))));
            }
            // Each is handed over when it is first asked for.
            for work in &mut all {
                tokio::select! {
                    biased;
                    _ = work => {}
                    () = std::future::ready(()) => {}
                }
            }
            drop(open);
            for work in all {
                work.await;
            }
        });
        drop(tell);
        told.iter().collect()
    }

    #[test]
    fn work_on_large_documents_lets_others_go_first() {
        assert_eq!(order("AaBb"), "abAB");
        // But not for ever.
        assert_eq!(order("Aabcdefghijklmnopqr"), "abcdefghijklmnopAqr");
    }

    #[test]
    fn work_that_nobody_waits_for_is_left_out() {
        let workers = Workers::new("test", 1);
        let (open, gate) = channel::<()>();
        let (tell, told) = channel();
        block_on(async {
            let mut blocked = Box::pin(workers.run(move || gate.recv().is_ok()));
            let mut dropped = Box::pin(workers.run(move || tell.send(())));
            tokio::select! {
                biased;
                _ = &mut blocked => {}
                _ = &mut dropped => {}
                () = std::future::ready(()) => {}
            }
            drop(dropped);
            drop(open);
            blocked.await;
            workers.run(|| ()).await;
        });
        assert!(told.recv().is_err());
    }
}
