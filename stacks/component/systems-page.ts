import { imageOsNames, imageSystemOf } from "../../core/component/image-system.ts";
import { supportRows } from "../../core/component/support-ends.ts";
import { type MarkedPage, tableOf } from "../factory/marked-page.ts";

/** docs/operating-systems.md with what images of each system need, and until when it is supported. */
export const systemsPage: MarkedPage = {
  path: "docs/operating-systems.md",
  parts: () => [
    tableOf(["os", "parent", "updates", "volume", "agent", "CIS by Inspector"], imageOsNames.map(needsOf)),
    tableOf(["os", "standard support until", "further updates", "source"], imageOsNames.map(supportOf)),
  ],
};

function needsOf(os: (typeof imageOsNames)[number]): string[] {
  const { parent, update, leastGiB, volumeGiB, installsAgent, inspectorCis } = imageSystemOf(os);
  return [
    `\`${os}\``,
    parent ? `\`${parent("x86_64")}\`` : "none",
    `\`${update}\``,
    `${leastGiB}, ${volumeGiB}`,
    installsAgent ? "user data" : "as usual",
    inspectorCis ? "yes" : "no",
  ];
}

function supportOf(os: (typeof imageOsNames)[number]): string[] {
  const { until, further, source, readAt } = supportRows[os];
  const more = further ? `${further.name}${further.paid ? ", paid," : ""} until ${further.until}` : "none";
  return [`\`${os}\``, until, more, `[vendor](${source})${readAt ? `, by ${readAt}` : ""}`];
}
