import { advisoriesOf } from "../component/image-system.ts";
import { hasUbuntuPro } from "../evidence/ubuntu-pro.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Feed } from "./feed.ts";
import { type FeedMirrors, feedsOf, ubuntuProFeedsOf } from "./feeds-of.ts";

/** The feeds about what is installed in an image; none where its packages are not watched. All of them have to be read. */
export function imageFeeds(factory: Pick<Factory, "images" | "feeds">, image: string, mirrors: FeedMirrors): Feed[] {
  const { os, architecture, triggers } = factory.images[image] ?? {};
  if (!os || !architecture || !triggers?.packages) return [];
  const system = advisoriesOf(os);
  return [
    ...feedsOf(system, architecture, triggers.packages.release, mirrors, factory.feeds.unverified),
    ...(hasUbuntuPro(factory, image) ? ubuntuProFeedsOf(system, architecture, mirrors) : []),
  ];
}
