/** `{{ imagebuilder:buildDate }}` as in AMI names, e.g. `2023-05-17T21-17-23.099935Z`. */
const buildDate = (time: number): string => new Date(time).toISOString().replaceAll(":", "-").replace("Z", "000Z");

const VARIABLE = /\{\{\s*imagebuilder:(buildDate|buildVersion)(?::([^}]*?))?\s*\}\}/g;

/** Replaces Image Builder's variables in an AMI name or tag; a format such as `yyyyMMdd` may follow buildDate. */
export function fillIn(template: string, time: number, build: number): string {
  return template.replaceAll(VARIABLE, (_, variable: string, format: string | undefined) => {
    if (variable === "buildVersion") return String(build);
    return format === undefined ? buildDate(time) : formatted(time, format);
  });
}

function formatted(time: number, format: string): string {
  const iso = new Date(time).toISOString();
  const parts: Readonly<Record<string, string>> = {
    yyyy: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19),
  };
  return format.replaceAll(/yyyy|MM|dd|HH|mm|ss/g, (token) => parts[token] ?? token);
}
