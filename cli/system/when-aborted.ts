/**
 * Kills until it is stopped: a kill may come before a command's first process can be found.
 * @returns what stops it
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
