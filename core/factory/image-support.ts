import { type Support, supportOf } from "../component/support-ends.ts";
import { hasUbuntuPro } from "../evidence/ubuntu-pro.ts";
import { rootParent } from "./check-parents.ts";
import type { Factory } from "./factory-schema.ts";

/** The support of an image's operating system; undefined if the image is not in the config, or its release's ends are not known. */
export function supportOfImage({ images }: Pick<Factory, "images">, name: string): Support | undefined {
  const image = images[name];
  if (!image) return undefined;
  const parent = rootParent({ images }, name);
  const named = parent && "ami" in parent ? parent.ami.name : parent && "ssm" in parent ? parent.ssm : "";
  const support = supportOf(image.os, named);
  const further = hasUbuntuPro({ images }, name) && support?.further;
  return support && further ? { system: support.system, by: further.name, until: further.until } : support;
}

/**
 * `standard support of debian-12 ended on 2026-07-11; Debian LTS has updates until 2028-06-30`
 * @param today `YYYY-MM-DD`
 */
export function saySupport({ system, by, until, further }: Support, today: string): string {
  const end = (day: string) => `${day < today ? "ended" : "ends"} on ${day}`;
  const left = further && further.until >= today;
  return [
    `${by ? `${by}'s` : "standard"} support of ${system} ${end(until)}`,
    ...(left ? [`${further.name}${further.paid ? ", paid," : ""} has updates until ${further.until}`] : []),
    ...(further && !left ? [`${further.name} ${end(further.until)}`] : []),
  ].join("; ");
}
