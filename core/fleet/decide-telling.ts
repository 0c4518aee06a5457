/** What is to be done on a day about the month's notice of the fleet. */
export type FleetTelling =
  | { readonly kind: "ask" }
  /** `patient`: reports that are pending are waited for. */
  | { readonly kind: "look"; readonly patient: boolean }
  | { readonly kind: "nothing" };

/** What of the month's notice is done. */
export interface FleetTold {
  /** When EC2 was asked for reports; ISO 8601. */
  readonly askedAt: string;
  /** All images' notices were put. */
  readonly done: boolean;
}

/**
 * The month, such as `2026-04`, whose notice day came last: a notice that could not be told in its own days is told late,
 * and not left out.
 */
export function noticeMonth(now: Date, onDay: number): string {
  const past = now.getUTCDate() >= onDay ? 0 : 1;
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - past, 1)).toISOString().slice(0, 7);
}

/** EC2 is asked first; its reports take hours, and those of large organizations longer. */
export function decideTelling(
  told: FleetTold | undefined,
  { now, waitSeconds }: { readonly now: Date; readonly waitSeconds: number },
): FleetTelling {
  if (!told) return { kind: "ask" };
  if (told.done) return { kind: "nothing" };
  return { kind: "look", patient: now.getTime() < Date.parse(told.askedAt) + waitSeconds * 1000 };
}
