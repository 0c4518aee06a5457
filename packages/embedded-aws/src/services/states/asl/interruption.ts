/** A signal for threads inside a state: aborted by the outer thread's signal, or by `interrupt`. */
export function innerInterruption(outer: AbortSignal): {
  signal: AbortSignal;
  interrupt: () => void;
  done: () => void;
} {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  if (outer.aborted) interrupt();
  outer.addEventListener("abort", interrupt, { once: true });
  return { signal: controller.signal, interrupt, done: () => outer.removeEventListener("abort", interrupt) };
}
