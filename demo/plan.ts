import { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { announceRelease, releasePublicImage } from "embedded-aws/seeds";
import { channelParameter } from "../core/names.ts";
import { asAccount } from "../local/boot/client-options.ts";
import { imagesSeenBy, type Place, type PublishedChannel, readAmi, readChannel } from "../local/consumers/read-back.ts";
import { answerApprovals } from "../local/people/answer-approvals.ts";
import { revokeNewest, rollBack } from "../local/story/acts.ts";
import { HOUR, type PlannedEvent } from "../local/story/timeline.ts";
import { fleetEvents } from "./fleet.ts";
import { accountsOf, consumers } from "./organization.ts";
import { patchTuesday, ubuntuFixed, urgentAdvisory } from "./publications.ts";
import { type Sharing, sharingEvents } from "./sharing.ts";
import {
  begin,
  end,
  joining,
  keyFix,
  launches,
  reader,
  readings,
  releases,
  requests,
  revocation,
  rollback,
  shopErrors,
  slip,
} from "./story.ts";

/** What consumers see during the month. */
export interface Observed extends Sharing {
  /** The channel after its rollback. */
  rolledBack?: PublishedChannel | undefined;
  /** AMIs that at least one consumer sees before the revocation, and after it. */
  seenBefore?: ReadonlySet<string>;
  seenAfter?: ReadonlySet<string>;
}

/** Time for a rollback or revocation to complete before its effect on consumers is read. */
const MEANWHILE = 10 * 60_000;

/**
 * Everything outside the factory, with the month's chapters.
 * @param months their number; except for launches and approvals everything happens in the first
 * @returns `observed`: filled in during the month
 */
export function planMonth(months = 1): { readonly events: readonly PlannedEvent[]; readonly observed: Observed } {
  const observed: Observed = {};
  const events: PlannedEvent[] = [
    ...chapters,
    ...requests.map(
      ({ at, image, requestedBy }): PlannedEvent => ({ at, act: (running) => running.request(image, requestedBy) }),
    ),
    ...releases.map(publishRelease),
    ...sharingEvents(observed),
    ...fleetEvents,
    ...(months > 1 ? launches.flatMap(launchAndEnd) : []),
    // If an answer is refused, the request stays open, and the check of the approvals fails.
    ...readings(months).map((at): PlannedEvent => ({ at, act: (running) => answerApprovals(running, reader) })),
    { at: rollback.at, act: (running) => rollBack(running, rollback, "month") },
    {
      at: rollback.at + MEANWHILE,
      async act({ place }) {
        observed.rolledBack = await readChannel(place, rollback.image, rollback.channel, accountsOf(place.factory));
      },
    },
    {
      at: revocation.at,
      async act(running) {
        observed.seenBefore = await seenByConsumers(running.place);
        await revokeNewest(running, revocation);
      },
    },
    {
      at: revocation.at + MEANWHILE,
      async act({ place }) {
        observed.seenAfter = await seenByConsumers(place);
      },
    },
  ];
  return { events, observed };
}

const chapters: readonly PlannedEvent[] = [
  {
    at: begin,
    title: "First builds",
    watch: `A build enters candidate after its gate, and stable a day later; ${reader} approves two of the images.`,
  },
  {
    at: urgentAdvisory,
    title: "An advisory out of band",
    watch: "An important fix does not wait for patch night: images with the package are rebuilt at once.",
  },
  {
    at: requests[3].at,
    title: "A build fails",
    watch: "A download fails: the failure names component, phase and step, and no channel moves.",
  },
  {
    at: patchTuesday,
    title: "Patch Tuesday",
    watch: "Advisories below the threshold wait for patch night; the gate rejects one of its builds.",
  },
  {
    at: shopErrors.at - HOUR / 2,
    title: "Roll-out to running instances",
    watch: `Instances are replaced in waves: an alarm halts the second one, and ${shopErrors.by} resumes it.`,
  },
  {
    at: ubuntuFixed,
    title: "A critical fix for Ubuntu",
    watch: "The fix starts a build; a request meanwhile waits, and its newer build supersedes the first one.",
  },
  {
    at: joining.at,
    title: "An account joins",
    watch: `${joining.name} is moved into an OU: within the hour it can launch what that OU can launch.`,
  },
  {
    at: slip.at,
    title: "A key policy loses a statement",
    watch: "The drift is reported at once; it would keep consumers from launching the next build.",
  },
  {
    at: releases[0].at,
    title: "The base AMI is replaced",
    watch: `The promotion fails on the missing statement, until ${keyFix.by} restores it and promotes again.`,
  },
  {
    at: rollback.at,
    title: "A rollback",
    watch: `${rollback.by} moves a channel back to its earlier build, which consumers launch from now on.`,
  },
  {
    at: revocation.at,
    title: "A build is revoked",
    watch: "No account can launch the build, or one made from it; groups roll back to the earlier build.",
  },
  {
    at: end,
    title: "The months after",
    watch: "Unused builds are disabled, then deregistered; a build that an account still runs stays.",
  },
];

/** Parameters change before the message on the topic, as with Amazon's releases. */
const publishRelease = ({ at, ...release }: (typeof releases)[number]): PlannedEvent => ({
  at,
  async act({ booted: { aws }, factory: { regions } }) {
    const images = releasePublicImage(aws, { ...release, regions, architecture: "x86_64" });
    await announceRelease(aws, { ...release, images });
  },
});

/** Instances that a consumer launches from a channel, and terminates later if the story says until when. */
function launchAndEnd(launch: (typeof launches)[number]): PlannedEvent[] {
  const { from, account, image, channel, region, instances } = launch;
  const ec2 = (place: Place) => new EC2Client(asAccount(place.options, account, region));
  let InstanceIds: string[] = [];
  return [
    {
      at: from,
      async act({ place }) {
        const ImageId = await readAmi(place, region, channelParameter(place.factory.name, image, channel));
        // A channel that points at nothing fails a check at the end.
        if (!ImageId) return;
        const { Instances = [] } = await ec2(place).send(
          new RunInstancesCommand({ ImageId, InstanceType: "t3.micro", MinCount: instances, MaxCount: instances }),
        );
        InstanceIds = Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
      },
    },
    ...("until" in launch
      ? [
          {
            at: launch.until,
            async act({ place }: { readonly place: Place }) {
              if (InstanceIds.length > 0) await ec2(place).send(new TerminateInstancesCommand({ InstanceIds }));
            },
          },
        ]
      : []),
  ];
}

/** Every AMI of the factory that any consumer sees. */
async function seenByConsumers(place: Place): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (const { id } of consumers) for (const ami of await imagesSeenBy(place, id)) seen.add(ami);
  return seen;
}
