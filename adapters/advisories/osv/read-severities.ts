import { type Fix, fixesOf, osvAnswer, severityOf, type Update } from "../../../core/advisories/priorities.ts";
import { FeedFailure } from "../feed-failure.ts";
import { askService, type Bounds, boundsOf, type FeedLimits } from "../fetch-file.ts";
import { KeptText } from "../kept-text.ts";
import { parseJson } from "../parse-json.ts";

/** OSV gives up to 1,000 records a page; a kernel that is years old has fewer than this. */
const MOST_PAGES = 20;
const AT_ONCE = 4;

type Severity = ReturnType<typeof severityOf>;

/**
 * Asks OSV's API how severe updates are, a query each, until all are answered or one fails: what was answered until then
 * counts.
 * @param service.url the address that takes queries
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

/** What the update fixes, of every record on what is installed: a page is let go before the next one. @throws FeedFailure */
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
