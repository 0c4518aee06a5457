export const TRIES = 10;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/**
 * DynamoDB skips the parts of a batch that exceed 16 MB or the table's throughput; they are requested again after a pause.
 * @param request returns the parts that were skipped
 * @returns how many are still skipped after ten tries
 */
export async function untilAllDone<Part>(
  parts: readonly Part[],
  request: (parts: Part[]) => Promise<Part[]>,
): Promise<number> {
  let left = [...parts];
  for (let tries = 1; ; tries++) {
    left = await request(left);
    if (left.length === 0 || tries === TRIES) return left.length;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
