/**
 * Repeats the kill until stopped, because the command's first process may not be found yet.
 * @returns a function that stops it
 */
export function whenAborted(signal: AbortSignal | undefined, kill: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    kill();
    timer = setInterval(kill, 50);
  };
  if (signal?.aborted) start();
  else signal?.addEventListener("abort", start);
  return () => {
    signal?.removeEventListener("abort", start);
    clearInterval(timer);
  };
}
