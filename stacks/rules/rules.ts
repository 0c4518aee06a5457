import { buildArnPrefix } from "../../core/names.ts";
import { approvalNotices, noticeTable } from "../../core/notice/notice-table.ts";
import { organizationChanges } from "../../core/organization/management-side.ts";
import { rolledOutChannels } from "../../core/rollout/opening.ts";
import { baseUpdated, packageUpdated } from "../../events/advisories.ts";
import { imageStateChange } from "../../events/aws/image-state-change.ts";
import { instanceRefresh } from "../../events/aws/instance-refresh.ts";
import { buildAvailable, buildCancelled, buildFailed } from "../../events/build.ts";
import { channelMoved } from "../../events/channel.ts";
import { promotionFailed } from "../../events/promotion.ts";
import { buildRevoked } from "../../events/revocation.ts";
import { recordBuild, startBuild } from "../build/functions.ts";
import { mirrorChannel } from "../channel/publish.ts";
import { followExports } from "../export/follow-exports.ts";
import { notify } from "../notice/notify.ts";
import { followOrganization } from "../organization/follow-organization.ts";
import { factory } from "../program/factory.ts";
import { bus } from "../resources/bus.ts";
import { acceptFromRules } from "../resources/dead-letters.ts";
import { place } from "../resources/deployment.ts";
import { rule } from "../resources/rule.ts";
import { rollingOut } from "../rollout/functions.ts";
import { watchExposure } from "../rollout/watch-exposure.ts";

/** A pattern that matches any of several events. */
const anyOf = (...events: { pattern: { source: string[]; "detail-type": string[] } }[]) => ({
  source: [...new Set(events.flatMap(({ pattern }) => pattern.source))],
  "detail-type": events.flatMap(({ pattern }) => pattern["detail-type"]),
});

const unique = (names: readonly string[]): string[] => [...new Set(names)];

// Without the factory's image names, events of every build in the account would arrive.
const imageState = rule("image-state", recordBuild, {
  description: "The state of one of the factory's builds changed in Image Builder",
  pattern: {
    ...imageStateChange.pattern,
    resources: Object.keys(factory.images).map((image) => ({ prefix: buildArnPrefix(place, factory.name, image) })),
  },
});

const release = rule("release", startBuild, {
  description: "A build has ended: builds requested meanwhile can start",
  bus,
  pattern: anyOf(buildAvailable, buildFailed, buildCancelled),
  transform: {
    paths: { image: "$.detail.image", build: "$.detail.build" },
    template: '{"trigger":"release","image":<image>,"build":<build>}',
  },
});

const parents = Object.entries(factory.images).flatMap(([child, { parent, triggers }]) =>
  triggers.parent && "image" in parent
    ? [
        rule(`parent-of-${child}`, startBuild, {
          description: `Rebuilds ${child} when channel ${parent.channel} of ${parent.image} moves`,
          bus,
          pattern: { ...channelMoved.pattern, detail: { image: [parent.image], channel: [parent.channel] } },
          transform: {
            paths: {
              parent: "$.detail.image",
              channel: "$.detail.channel",
              build: "$.detail.build",
              event: "$.id",
            },
            template: `{"trigger":"parent","image":"${child}","parent":<parent>,"channel":<channel>,"parentBuild":<build>,"eventId":<event>}`,
          },
        }),
      ]
    : [],
);

const packages = rule("package-updated", startBuild, {
  description: "Advisories apply to an image's promoted build",
  bus,
  pattern: packageUpdated.pattern,
  transform: {
    paths: {
      image: "$.detail.image",
      build: "$.detail.build",
      advisories: "$.detail.advisories",
      others: "$.detail.others",
    },
    template: '{"trigger":"packages","image":<image>,"build":<build>,"advisories":<advisories>,"others":<others>}',
  },
});

const bases = rule("base-updated", startBuild, {
  description: "An image's parent was replaced",
  bus,
  pattern: baseUpdated.pattern,
  transform: {
    paths: { image: "$.detail.image", name: "$.detail.name", from: "$.detail.from", to: "$.detail.to" },
    template: '{"trigger":"base","image":<image>,"name":<name>,"from":<from>,"to":<to>}',
  },
});

const organization = rule("organization-changed", followOrganization, {
  description: "Accounts joined the organization, moved or left",
  bus,
  pattern: { ...organizationChanges, account: [factory.organization.managementAccountId] },
});

const notified = noticeTable.filter((notice) => notice.when?.(factory) ?? true);

const noticeRule = rule("notices", notify, {
  description: "Notices",
  bus,
  pattern: anyOf(...notified.flatMap((notice) => (notice.rule ? [] : [notice.event]))),
});

const mirrors = [
  rule("mirror-moved", mirrorChannel, {
    description: "A channel moved: its copies in consumers' accounts follow",
    bus,
    pattern: channelMoved.pattern,
    transform: {
      paths: { image: "$.detail.image", channel: "$.detail.channel" },
      template: '{"image":<image>,"channel":<channel>,"all":true}',
    },
  }),
  rule("mirror-unshared", mirrorChannel, {
    description: "A build was unshared: mirrored parameters of its channels follow",
    bus,
    pattern: anyOf(promotionFailed, buildRevoked),
    transform: { paths: { image: "$.detail.image" }, template: '{"image":<image>}' },
  }),
];

const approvalRule = rule("notices-of-approvals", notify, {
  description: "Requests for approval and their results",
  bus,
  pattern: anyOf(...approvalNotices),
});

const detailRules = notified.flatMap(({ event, rule: own }) =>
  own
    ? [
        rule(`notices-of-${own.name}`, notify, {
          description: own.description,
          bus,
          pattern: { ...event.pattern, detail: own.detail },
        }),
      ]
    : [],
);

if (followExports) {
  const exports = rule("export", followExports, {
    description: "A channel moved or a build was revoked: exports are started or removed",
    bus,
    pattern: anyOf(channelMoved, buildRevoked),
    transform: { paths: { image: "$.detail.image" }, template: '{"image":<image>}' },
  });
  acceptFromRules("follow-exports", followExports.deadLetters, [exports]);
}

const channels = rolledOutChannels(factory);

/** Channels that running instances follow. */
const followed = {
  image: unique(channels.map(({ image }) => image)),
  channel: unique(channels.map(({ channel }) => channel)),
};

if (rollingOut) {
  const { rollOut, startRollOut } = rollingOut;
  const starts = [
    rule("roll-out", startRollOut, {
      description: "A channel that running instances follow moved",
      bus,
      pattern: { ...channelMoved.pattern, detail: followed },
      transform: {
        paths: { image: "$.detail.image", channel: "$.detail.channel" },
        template: '{"image":<image>,"channel":<channel>}',
      },
    }),
    rule("roll-out-revoked", startRollOut, {
      description: "A build that running instances may use was revoked",
      bus,
      pattern: { ...buildRevoked.pattern, detail: { image: followed.image } },
      transform: { paths: { image: "$.detail.image" }, template: '{"image":<image>}' },
    }),
  ];
  acceptFromRules("start-roll-out", startRollOut.deadLetters, starts);
  const refreshes = rule("instance-refresh", rollOut, {
    description: "An instance refresh in a consumer's account changed its state",
    bus,
    pattern: instanceRefresh.pattern,
  });
  acceptFromRules("roll-out", rollOut.deadLetters, [refreshes]);
}

if (watchExposure) {
  const moved = rule("count-instances", watchExposure, {
    description: "A channel that running instances follow moved: it may have an advisory's fix",
    bus,
    pattern: { ...channelMoved.pattern, detail: followed },
    transform: {
      paths: { image: "$.detail.image", channel: "$.detail.channel" },
      template: '{"image":<image>,"channel":<channel>}',
    },
  });
  acceptFromRules("watch-exposure", watchExposure.deadLetters, [moved]);
}

acceptFromRules("record-build", recordBuild.deadLetters, [imageState]);

acceptFromRules("start-build", startBuild.deadLetters, [release, ...parents, packages, bases]);

acceptFromRules("follow-organization", followOrganization.deadLetters, [organization]);

acceptFromRules("mirror-channel", mirrorChannel.deadLetters, mirrors);

acceptFromRules("notify", notify.deadLetters, [noticeRule, approvalRule, ...detailRules]);
