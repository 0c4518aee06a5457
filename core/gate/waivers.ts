import type { Waiver } from "../factory/gate-schema.ts";

/**
 * The waivers that exclude a finding on an image; undefined if the finding counts. A finding is waived if its id is waived,
 * or all its parts (an advisory's CVEs) are. A waiver's last day is included.
 * @param today in UTC, `2026-04-15`
 */
export function findWaivers(
  waivers: readonly Waiver[],
  image: string,
  today: string,
  finding: string,
  parts: readonly string[] = [],
): Waiver[] | undefined {
  const inDate = waivers.filter((waiver) => (waiver.image === "*" || waiver.image === image) && today <= waiver.until);
  const waiverOf = (id: string) => inDate.find((waiver) => waiver.finding === id);
  const own = waiverOf(finding);
  const all = own ? [own] : parts.map(waiverOf);
  const used = all.filter((waiver) => waiver !== undefined);
  return used.length === 0 || used.length < all.length ? undefined : used;
}

/** Why an advisory is waived on an image, in words; undefined if it is not. */
export function findWaiver(
  waivers: readonly Waiver[],
  image: string,
  today: string,
  advisory: string,
  cves: readonly string[],
): string | undefined {
  return findWaivers(waivers, image, today, advisory, cves)?.map(sayWaiver).join("; ");
}

/** `CVE-2026-1 waived by sec until 2026-04-15: no network` */
export const sayWaiver = ({ finding, owner, reason, until }: Waiver): string =>
  `${finding} waived by ${owner} until ${until}: ${reason}`;

/** How many days before its end a waiver's expiry is notified. */
const DAYS_BEFORE = 7;

const DAY = 86_400_000;

/** The waivers that expire within a week, by date. Expired ones are not included. */
export function findEndingWaivers(waivers: readonly Waiver[], now: Date): Waiver[] {
  const today = now.toISOString().slice(0, 10);
  const soon = new Date(now.getTime() + DAYS_BEFORE * DAY).toISOString().slice(0, 10);
  return waivers
    .filter(({ until }) => today <= until && until <= soon)
    .toSorted((a, b) => (a.until < b.until ? -1 : a.until > b.until ? 1 : 0));
}
