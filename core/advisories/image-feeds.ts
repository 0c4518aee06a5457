import { advisoriesOf } from "../component/image-system.ts";
import { hasUbuntuPro } from "../evidence/ubuntu-pro.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Feed } from "./feed.ts";
import { type FeedMirrors, feedsOf, ubuntuProFeedsOf } from "./feeds-of.ts";

/** The feeds for an image's packages; none if the image has no trigger by packages. All of them must be read. */
export function imageFeeds(factory: Pick<Factory, "images" | "feeds">, image: string, mirrors: FeedMirrors): Feed[] {
  const { os, architecture, triggers } = factory.images[image] ?? {};
  if (!os || !architecture || !triggers?.packages) return [];
  const system = advisoriesOf(os);
  return [
    ...feedsOf(system, architecture, triggers.packages.release, mirrors, factory.feeds.unverified),
    ...(hasUbuntuPro(factory, image) ? ubuntuProFeedsOf(system, architecture, mirrors) : []),
  ];
}
