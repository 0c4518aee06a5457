import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, type Principal } from "../../src/engine/principal.ts";
import { addImage } from "../../src/services/ec2/add-image.ts";
import type { BusEvent } from "../../src/services/events/event.ts";
import { watchAllBuses } from "../../src/services/events/watch.ts";
import { type OrganizationSeed, seedOrganization } from "../../src/services/organizations/seed-organization.ts";

export const MANAGEMENT = "999988887777";
export const FACTORY = "111122223333";
export const WEB = "222233334444";
/** An account outside the organization. */
export const STRANGER = "777766665555";

interface Where {
  readonly account?: string;
  readonly region?: string;
  readonly principal?: Principal;
}

/** An organization whose trail by default records every account; calls are made as the factory's root user. */
export function aTrail(changed: Partial<OrganizationSeed> = {}, { watched = true } = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock });
  seedOrganization(aws, {
    id: "o-exampleorg1",
    management: { id: MANAGEMENT, name: "management" },
    accounts: [
      { id: FACTORY, name: "factory" },
      { id: WEB, name: "web" },
    ],
    ...changed,
  });
  const events: BusEvent[] = [];
  if (watched) watchAllBuses(aws, (_bus, event) => events.push(event));
  const call = <Output>(service: string, operation: string, input: object, where: Where = {}): Promise<Output> =>
    aws.call<Output>(service, operation, input, {
      principal: where.principal ?? accountPrincipal(where.account ?? FACTORY),
      region: where.region ?? "eu-west-1",
    });
  const recorded = () => events.filter((event) => event["detail-type"] === "AWS API Call via CloudTrail");
  let images = 0;
  const imageIn = (region: string): string =>
    addImage(
      aws,
      { account: FACTORY, region },
      { name: `base-${++images}`, architecture: "x86_64", source: undefined, devices: [] },
    ).id;
  const pass = (ms: number) => clock.runUntil(clock.now() + ms);
  return { aws, clock, call, recorded, imageIn, events, pass };
}
