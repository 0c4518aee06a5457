import { type Fix, fixesOf, osvAnswer, severityOf, type Update } from "../../../core/advisories/priorities.ts";
import { FeedFailure } from "../feed-failure.ts";
import { askService, type Bounds, boundsOf, type FeedLimits } from "../fetch-file.ts";
import { KeptText } from "../kept-text.ts";
import { parseJson } from "../parse-json.ts";

/** OSV returns up to 1,000 records a page; even a kernel that is years old has fewer pages than this. */
const MOST_PAGES = 20;
const AT_ONCE = 4;

type Severity = ReturnType<typeof severityOf>;

/**
 * Queries OSV's API for the severity of each update until one query fails; earlier results still count.
 * @param service.url the query endpoint
 * @param service.standIn see `Feed`
 */
export async function readSeverities(
  { url: address, standIn }: { readonly url: string; readonly standIn?: true },
  updates: readonly Update[],
  given: Partial<FeedLimits> = {},
): Promise<{ readonly found: ReadonlyMap<Update, Severity>; readonly failure?: FeedFailure }> {
  const bounds = boundsOf(address, standIn, given);
  const kept = new KeptText(address, bounds.limits.kept);
  const found = new Map<Update, Severity>();
  const waiting = [...updates];
  let failure: FeedFailure | undefined;
  const askOneByOne = async () => {
    for (let update = waiting.shift(); update && !failure; update = waiting.shift()) {
      try {
        found.set(update, severityOf(await query(address, update, bounds, kept)));
      } catch (error) {
        if (!(error instanceof FeedFailure)) throw error;
        failure ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askOneByOne));
  return { found, ...(failure && { failure }) };
}

/**
 * All fixes of the update, from the records of the installed version; one page is in memory at a time. @throws
 * FeedFailure
 */
async function query(address: string, update: Update, bounds: Bounds, kept: KeptText): Promise<Fix[]> {
  const { ecosystem, source, installed } = update;
  const fixes: Fix[] = [];
  let token = "";
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const question = {
      package: { ecosystem, name: source },
      version: installed,
      ...(token && { page_token: token }),
    };
    const { vulns, next_page_token: next } = parseJson(
      address,
      await askService(address, question, bounds),
      osvAnswer,
      bounds.limits,
    );
    for (const { id, priority } of fixesOf(update, vulns)) fixes.push({ id: kept.keep(id), priority });
    if (next === "") return fixes;
    token = next;
  }
  throw new FeedFailure("too-large", address, `has more than ${MOST_PAGES} pages of records on ${source} ${installed}`);
}
