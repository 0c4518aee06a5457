/**
 * Runs `work` in all regions at once; a failure in one does not stop the others.
 * @throws the first region's error unchanged: callers check its name
 */
export async function inAllRegions<Found, Region = string>(
  regions: readonly Region[],
  work: (region: Region) => Promise<Found>,
): Promise<Found[]> {
  const settled = await Promise.allSettled(regions.map(work));
  const failed = settled.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}
/** One of an image's channels. */
export interface ChannelOf {
  readonly image: string;
  readonly channel: string;
}
