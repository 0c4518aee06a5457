/**
 * URLs and keys of mirrors of vendors' feeds: see `core/advisories/feeds-of.ts`. A secret with a default, because a
 * mirror's URL may contain credentials.
 */
export const feedMirrors = new sst.Secret("FeedMirrors", "{}").value;
