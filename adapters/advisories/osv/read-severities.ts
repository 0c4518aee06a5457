import { type OsvRecord, osvAnswer, severityOf, type Update } from "../../../core/advisories/priorities.ts";
import { FeedFailure } from "../feed-failure.ts";
import { askService, type Bounds, type FeedLimits, feedLimits } from "../fetch-file.ts";

/** OSV gives up to 1,000 records a page; a kernel that is years old has fewer than this. */
const MOST_PAGES = 20;
const AT_ONCE = 4;

type Severity = ReturnType<typeof severityOf>;

/**
 * Asks OSV's API how severe updates are, a query each, until all are answered or one fails: what was answered until then
 * counts.
 * @param address the one that takes queries
 */
export async function readSeverities(
  address: string,
  updates: readonly Update[],
  given: Partial<FeedLimits> = {},
): Promise<{ readonly found: ReadonlyMap<Update, Severity>; readonly failure?: FeedFailure }> {
  const limits = { ...feedLimits, ...given };
  const bounds = { limits, signal: AbortSignal.timeout(limits.time) };
  const found = new Map<Update, Severity>();
  const waiting = [...updates];
  let failure: FeedFailure | undefined;
  const askOneByOne = async () => {
    for (let update = waiting.shift(); update && !failure; update = waiting.shift()) {
      try {
        found.set(update, severityOf(update, await query(address, update, bounds)));
      } catch (error) {
        if (!(error instanceof FeedFailure)) throw error;
        failure ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askOneByOne));
  return { found, ...(failure && { failure }) };
}

/** Every record on what is installed. @throws FeedFailure */
async function query(address: string, { ecosystem, source, installed }: Update, bounds: Bounds): Promise<OsvRecord[]> {
  const records: OsvRecord[] = [];
  let token = "";
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const question = {
      package: { ecosystem, name: source },
      version: installed,
      ...(token && { page_token: token }),
    };
    const { vulns, next_page_token: next } = parse(address, await askService(address, question, bounds));
    records.push(...vulns);
    if (next === "") return records;
    token = next;
  }
  throw new FeedFailure("too-large", address, `has more than ${MOST_PAGES} pages of records on ${source} ${installed}`);
}

function parse(address: string, bytes: Buffer) {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new FeedFailure("malformed", address, "the answer is not JSON", { cause });
  }
  const parsed = osvAnswer.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new FeedFailure("malformed", address, `the answer is not in the OSV format: ${where}: ${issue?.message}`);
}
