import type { Advisory, FixedPackage } from "../../../core/advisories/feed.ts";
import type { AdvisorySeverity } from "../../../events/build.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { FeedLimits } from "../fetch-file.ts";
import { KeptText } from "../kept-text.ts";
import { type XmlLimits, XmlReader } from "./xml-reader.ts";

/** Severity names of Amazon Linux and the RHEL family, in lower case. */
const severities: Readonly<Record<string, AdvisorySeverity>> = {
  low: "low",
  medium: "medium",
  moderate: "medium",
  important: "important",
  critical: "critical",
};

/** `2026-04-01 00:17:00` in UTC, as in Amazon Linux, or a date alone; other formats are dropped. */
function issuedOn(date = ""): string | undefined {
  const { day, time } = /^(?<day>\d{4}-\d{2}-\d{2})(?:[ T](?<time>\d{2}:\d{2}(?::\d{2})?))?/.exec(date)?.groups ?? {};
  // Midnight stands for a date without a time.
  if (!time || /^00:00(:00)?$/.test(time)) return day;
  const moment = new Date(`${day}T${time}Z`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** An advisory while its element is open. */
interface Draft {
  id: string;
  severity: AdvisorySeverity;
  readonly security: boolean;
  readonly cves: Set<string>;
  readonly fixes: FixedPackage[];
  module: string | undefined;
  concerns: boolean;
  issued: string | undefined;
  /** The size kept before it. */
  readonly before: number;
}

/**
 * Reads updateinfo as a stream. Keeps the security advisories on packages of interest, and their fixes of such
 * packages, so that memory depends on the installed packages, not on the repository's size.
 */
export class UpdateinfoReader {
  readonly advisories: Advisory[] = [];
  readonly #file: string;
  readonly #interested: (packageName: string) => boolean;
  readonly #xml: XmlReader;
  readonly #kept: KeptText;
  readonly #most: number;
  #count = 0;
  #draft: Draft | undefined;

  /** @throws FeedFailure `malformed`, `too-large`, from `write` and `end` */
  constructor(
    file: string,
    limits: XmlLimits & Pick<FeedLimits, "advisories" | "kept">,
    interested: (packageName: string) => boolean,
  ) {
    this.#file = file;
    this.#interested = interested;
    this.#kept = new KeptText(file, limits.kept);
    this.#most = limits.advisories;
    this.#xml = new XmlReader(file, "updates", limits, {
      texts: ["id", "severity"],
      opened: (name, attributes, parent) => this.#opened(name, attributes, parent),
      closed: (name, text, parent) => this.#closed(name, text, parent),
    });
  }

  write(piece: Uint8Array): void {
    this.#xml.write(piece);
  }

  end(): void {
    this.#xml.end();
  }

  #opened(name: string, attributes: Readonly<Record<string, string>>, parent: string | undefined): void {
    if (name === "update" && parent === "updates") {
      this.#count += 1;
      if (this.#count > this.#most)
        throw new FeedFailure("too-large", this.#file, `has more than ${this.#most} advisories`);
      const security = (attributes.type ?? "security") === "security";
      const [id, severity, module, concerns] = ["", "unknown" as const, undefined, false];
      const [fixes, issued, before] = [[], undefined, this.#kept.size];
      this.#draft = { id, severity, security, cves: new Set(), fixes, module, concerns, issued, before };
      return;
    }
    const draft = this.#draft;
    if (!draft?.security) return;
    if (name === "package" && parent === "collection") this.#package(draft, attributes);
    else if (name === "reference" && attributes.type === "cve" && attributes.id) this.#cve(draft, attributes.id);
    else if (name === "issued" && parent === "update") draft.issued = issuedOn(attributes.date);
    else if (name === "collection") draft.module = undefined;
    else if (name === "module" && parent === "collection")
      draft.module = this.#kept.keep(`${attributes.name}:${attributes.stream}`);
  }

  #cve({ cves }: Draft, id: string): void {
    if (!cves.has(id)) cves.add(this.#kept.keep(id));
  }

  #package(draft: Draft, { name, arch, epoch, version, release }: Readonly<Record<string, string>>): void {
    if (!name) throw this.#malformed(`advisory "${draft.id}" names a package without a name`);
    if (!this.#interested(name)) return;
    draft.concerns = true;
    if (!version) return;
    const full = `${epoch && epoch !== "0" ? `${epoch}:` : ""}${version}${release ? `-${release}` : ""}`;
    const module = draft.module === undefined ? {} : { module: draft.module };
    const keep = (text: string) => this.#kept.keep(text);
    draft.fixes.push({ name: keep(name), architecture: keep(arch ?? ""), version: keep(full), ...module });
  }

  #closed(name: string, text: string, parent: string | undefined): void {
    const draft = this.#draft;
    if (!draft) return;
    if (name === "id" && parent === "update") draft.id = this.#kept.keep(text.trim());
    else if (name === "severity" && parent === "update")
      draft.severity = severities[text.trim().toLowerCase()] ?? "unknown";
    else if (name === "update") this.#keep(draft);
  }

  #keep({ id, severity, security, cves, fixes, concerns, issued, before }: Draft): void {
    this.#draft = undefined;
    if (!security || !concerns) this.#kept.release(before);
    if (!security) return;
    if (!id) throw this.#malformed(`the advisory after ${this.advisories.at(-1)?.id ?? "the beginning"} has no id`);
    if (concerns) this.advisories.push({ id, severity, cves: [...cves], fixes, ...(issued && { issued }) });
  }

  #malformed(found: string): FeedFailure {
    return new FeedFailure("malformed", this.#file, found);
  }
}
