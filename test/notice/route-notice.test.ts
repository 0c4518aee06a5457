import { expect, test } from "vitest";
import { checkReferences } from "../../core/factory/check-references.ts";
import { notifySchema, type Tone } from "../../core/factory/notify-schema.ts";
import { routeNotice } from "../../core/notice/notice.ts";
import factory from "../../factory.config.ts";

const slack = (routes: object[]) => notifySchema.parse({ slack: { channel: "#images", routes } }).slack!;
const notice = (tone: Tone, image?: string) => ({ title: "x", lines: [], tone, attributes: image ? { image } : {} });

test("a notice goes to the first route that fits its image and its tone, else to the channel", () => {
  const settings = slack([
    { images: ["web"], tones: ["bad"], channel: "#web-alerts" },
    { tones: ["bad", "question"], channel: "#on-call" },
    { images: ["web"], channel: "#web" },
  ]);

  const went = [
    notice("bad", "web"),
    notice("bad", "base"),
    notice("bad"),
    notice("good", "web"),
    notice("news", "base"),
  ];

  expect(went.map((one) => routeNotice(settings, one))).toEqual([
    "#web-alerts",
    "#on-call",
    "#on-call",
    "#web",
    "#images",
  ]);
});

test("a route that fits everything, or nothing, is refused with what would be valid", () => {
  const everything = notifySchema.safeParse({ slack: { channel: "#images", routes: [{ channel: "#all" }] } });
  const loud = notifySchema.safeParse({ slack: { channel: "#images", routes: [{ tones: ["loud"], channel: "#x" }] } });
  const lost = checkReferences({
    ...factory,
    notify: { email: [], slack: slack([{ images: ["wbe"], channel: "#web" }]) },
  });

  expect(everything.error?.issues[0]?.message).toContain(
    "images, tones or both; a route for every notice is notify.slack.channel",
  );
  expect(loud.error?.issues[0]).toMatchObject({ path: ["slack", "routes", 0, "tones", 0], values: expect.any(Array) });
  expect(lost).toEqual([
    `notify.slack.routes[0].images[0]: expected one of ${Object.keys(factory.images)
      .map((one) => `"${one}"`)
      .join(", ")}, found "wbe"`,
  ]);
});
