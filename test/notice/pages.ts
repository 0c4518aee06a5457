import type * as fc from "fast-check";
import * as z from "zod";
import { drawBuildStory } from "../../cli/build/build-story.ts";
import { drawImageStory } from "../../cli/build/image-story.ts";
import { sayStory } from "../../cli/channel/channels.ts";
import { drawEstimate } from "../../cli/cost/draw-estimate.ts";
import { drawExports } from "../../cli/export/show-exports.ts";
import { report as validationReport } from "../../cli/factory/validate.ts";
import { drawFleet, sayAsked } from "../../cli/fleet/draw-fleet.ts";
import { fleetCsv } from "../../cli/fleet/fleet.ts";
import { drawExecution } from "../../cli/promotion/draw-execution.ts";
import { drawDecisions } from "../../cli/retirement/draw-decisions.ts";
import { drawShares } from "../../cli/share/draw-shares.ts";
import { drawStatus } from "../../cli/status/draw-status.ts";
import { drawEvent } from "../../cli/try/event-line.ts";
import { EventFold } from "../../cli/try/fold-events.ts";
import { drawStoryLine } from "../../cli/try/story-line.ts";
import { noticeTable } from "../../core/notice/notice-table.ts";
import { buildFailure, trigger } from "../../events/build.ts";
import { amiId, buildArn, imageName, region } from "../../events/ids.ts";
import { proof } from "../../events/share.ts";
import { hostile } from "./hostile-values.ts";

const text = z.string();
const moment = z.iso.datetime();

const build = { image: imageName, build: buildArn };
const buildStory = z.object({
  ...build,
  status: z.enum(["building", "available", "failed", "cancelled"]),
  startedAt: moment,
  endedAt: moment,
  because: z.array(text),
  triggers: z.array(trigger),
  parentBuild: buildArn,
  base: amiId,
  failure: buildFailure,
  gate: z.object({
    verdict: z.literal("rejected"),
    reasons: z.array(
      z.object({ rule: text, passed: z.literal(false), found: text, allowed: text, examples: z.array(text) }),
    ),
    decidedAt: moment,
  }),
  channels: z.array(text),
  moved: z.array(text),
  promotionFailed: z.boolean(),
  undone: z.array(text),
});
const wholeStory = buildStory.extend({
  timeline: z.array(z.object({ at: moment, kind: z.enum(["gate", "channel"]), text, by: text, reason: text })),
});
const held = z.array(z.object({ at: moment, code: text, reason: text, until: moment, triggers: z.array(text) }));
const pointed = z.object({
  ...build,
  startedAt: moment,
  movedAt: moment,
  amis: z.record(region, amiId),
  behind: z.record(region, z.object({ why: text, build: buildArn })),
});
const use = { instances: z.number(), launchTemplates: z.number() };
const unknownUse = z.array(z.object({ ...build, region, why: text }));

const entered = z.object({
  id: z.number(),
  type: z.literal("TaskStateEntered"),
  timestamp: moment,
  stateEnteredEventDetails: z.object({ name: text }),
});

const page = <Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  draw: (found: never) => string | readonly string[],
) => ({
  name,
  found: hostile(schema) as fc.Arbitrary<unknown>,
  draw: draw as (found: unknown) => string | readonly string[],
});

function storyOf(event: Parameters<EventFold["push"]>[0]): string[] {
  const fold = new EventFold(() => []);
  return [...fold.push(event), ...fold.end()].flatMap((line) => drawStoryLine(line, 20));
}

const about = { image: imageName, channel: text, build: buildArn, text };
const behind = z.object({ of: text, builds: z.number(), version: text, seconds: z.number() });
const marks = z.array(z.enum(["revoked", "retired"]));
const channelRow = z.object({ ...about, region, version: text, ageSeconds: z.number(), behind, marks, why: text });
const status = z.object({
  factory: text,
  at: moment,
  problems: z.array(z.object({ ...about, kind: z.literal("drift"), since: moment, command: text, runbook: text })),
  waiting: z.array(z.object({ ...about, kind: z.literal("approval"), until: moment, commands: z.array(text) })),
  channels: z.array(channelRow),
  now: z.array(z.object({ ...about, kind: z.literal("build"), since: moment, until: moment, state: text })),
  next: z.array(z.object({ ...about, kind: z.literal("schedule"), at: moment })),
  unread: z.array(z.object({ part: text, why: text })),
});

type Fleet = Parameters<typeof drawFleet>[0] & { asked: Parameters<typeof sayAsked>[0]; names: Record<string, string> };

/** The output of commands for hostile values. */
export const pages = [
  page("status", status, drawStatus),
  page("why <build>", wholeStory, drawBuildStory),
  page(
    "a revoked build in why",
    wholeStory.extend({ revoked: z.object({ by: text, reason: text, at: moment }) }),
    drawBuildStory,
  ),
  page(
    "why <image>",
    z.object({
      image: imageName,
      channels: z.record(imageName, pointed),
      starting: z.array(text),
      builds: z.array(buildStory),
      older: z.number(),
      waiting: held,
      suppressed: held,
      olderSuppressed: z.number(),
    }),
    drawImageStory,
  ),
  page(
    "channels",
    z.object({
      channel: imageName,
      pointed,
      atOdds: z.array(z.object({ region, says: text })),
      moves: z.array(
        z.object({ movedAt: moment, build: buildArn, how: text, by: text, because: text, revoked: z.boolean() }),
      ),
    }),
    sayStory,
  ),
  page(
    "retire --plan",
    z.array(
      z.object({
        ...build,
        does: z.enum(["keep", "wait", "deregister"]),
        reasons: z.array(text),
        frees: z.record(region, z.number()),
      }),
    ),
    drawDecisions,
  ),
  page(
    "shares",
    z.object({
      image: imageName,
      organizationReadAt: moment,
      channels: z.array(
        z.object({
          channel: imageName,
          pointed,
          rows: z.array(
            z.object({
              account: text,
              name: text,
              units: z.array(text),
              channel: imageName,
              build: buildArn,
              region,
              amiId,
              state: z.enum(["shared", "not-yet", "taken", "beside"]),
              since: moment,
              by: z.object({ kind: z.literal("unit"), id: text, name: text }),
              verified: z.object({ account: text, proof, notTried: text, at: moment }),
            }),
          ),
        }),
      ),
    }),
    (shares: Parameters<typeof drawShares>[0]) =>
      `${drawShares(shares, { accounts: true })}\n${drawShares(shares, { accounts: false })}`,
  ),
  page(
    "fleet",
    z.object({
      images: z.array(z.object({ image: imageName })).min(1),
      rows: z.array(
        z.object({
          account: text,
          ...build,
          ...use,
          ageDays: z.number(),
          standing: z.object({ kind: z.literal("ahead"), channel: text }),
          deprecated: z.boolean(),
          revoked: z.boolean(),
          regions: z.array(z.object({ region, ...use, asOf: moment })),
        }),
      ),
      regions: z.array(z.object({ region, reported: z.number(), unknown: z.number() })),
      unknown: unknownUse,
      older: unknownUse,
      pending: z.array(z.object({ region })),
      asked: z.object({ count: z.number(), spared: z.number(), refused: unknownUse }),
      names: z.record(text, text),
    }),
    (found: Fleet) => {
      const { asked, names, ...fleet } = found;
      const map = new Map(Object.entries(names));
      return [drawFleet(fleet, map), sayAsked(asked), fleetCsv(fleet.rows, map).replaceAll("\r\n", "\n")];
    },
  ),
  page(
    "export",
    z.array(
      z.object({
        ...build,
        channel: text,
        amiId,
        since: moment,
        state: z.literal("failed"),
        failure: text,
        files: z.array(
          z.object({
            format: z.literal("raw"),
            key: text,
            size: z.number(),
            checksum: text,
            verified: text,
            links: z.object({ file: text, manifest: text, signature: text }),
          }),
        ),
      }),
    ),
    (found: Parameters<typeof drawExports>[0]) => drawExports(found, {}),
  ),
  page(
    "local executions <name>",
    z.object({
      arn: text,
      name: text,
      stateMachine: text,
      status: text,
      startDate: moment,
      stopDate: moment,
      error: text,
      cause: text,
      history: z.array(entered),
    }),
    drawExecution,
  ),
  page(
    "validate",
    z.object({
      usable: z.boolean(),
      online: z.union([
        z.object({ why: text, fix: text }),
        z.object({
          account: text,
          deployed: z.boolean(),
          organization: z.object({ accounts: z.array(text), units: z.array(text) }),
        }),
      ]),
      findings: z.array(z.object({ where: text, what: text, fix: text })),
    }),
    validationReport,
  ),
  page(
    "cost",
    z.object({
      estimate: z.literal(true),
      month: text,
      days: text,
      prices: z.object({ source: text, date: z.iso.date(), currency: z.literal("USD") }),
      lines: z.array(
        z.object({
          kind: z.literal("volume"),
          image: text,
          region,
          quantity: z.number(),
          unit: text,
          price: z.number(),
          amount: z.number(),
        }),
      ),
      total: z.number(),
      notCounted: z.array(text),
    }),
    drawEstimate,
  ),
  ...noticeTable.map(({ event: { detailType, detail } }) =>
    page(`story: ${detailType}`, detail as z.ZodType, (one) =>
      storyOf({ time: "2026-04-01T08:00:00Z", detailType, detail: one as Record<string, unknown> }),
    ),
  ),
  ...noticeTable.map(({ event: { detailType, detail } }) =>
    page(`month: ${detailType}`, detail as z.ZodType, (one) =>
      drawEvent({ time: "2026-04-01T08:00:00Z", detailType, detail: one } as never),
    ),
  ),
];
