import type { SlackSettings } from "./factory/notify-schema.ts";
import type { Notice } from "./notice.ts";

/** The Slack channel that a notice goes to: that of the first route that fits its image and its tone. */
export function routeNotice({ channel, routes }: SlackSettings, { tone, attributes }: Notice): string {
  const { image } = attributes;
  const fits = ({ images, tones }: SlackSettings["routes"][number]): boolean =>
    (!images || (image !== undefined && images.includes(image))) && (!tones || tones.includes(tone));
  return routes.find(fits)?.channel ?? channel;
}
