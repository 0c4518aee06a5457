import type { EmbeddedAws } from "../../embedded-aws.ts";
import { DEFAULT_SELECTORS, trailArn, trailsOf } from "./state.ts";

const NAME = "organization-trail";
const HOME = "us-east-1";

/** The trail that a management account has from the beginning: all regions, all accounts, logging. */
export function seedOrganizationTrail(aws: EmbeddedAws, account: string): void {
  const arn = trailArn(aws, account, HOME, NAME);
  trailsOf(aws).set(arn, {
    name: NAME,
    arn,
    account,
    homeRegion: HOME,
    bucket: `organization-trail-${account}`,
    prefix: undefined,
    multiRegion: true,
    organization: true,
    globalEvents: true,
    validation: true,
    logging: true,
    startedAt: aws.clock.now(),
    stoppedAt: undefined,
    selectors: DEFAULT_SELECTORS,
    tags: new Map(),
  });
}
