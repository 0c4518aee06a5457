import { EC2Client } from "@aws-sdk/client-ec2";
import { Command, InvalidArgumentError } from "commander";
import { askReports } from "../../adapters/fleet/fleet-reports.ts";
import { readFleet } from "../../adapters/fleet/read-fleet.ts";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { type FleetRow, listFleet } from "../../core/fleet/list-fleet.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { takeRegion } from "../command/global-options.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, patient, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { quote } from "../share/to-csv.ts";
import { drawFleet, sayAsked, sayStanding } from "./draw-fleet.ts";

interface Options {
  readonly image?: string;
  readonly ask?: true;
  readonly region?: string;
  readonly json?: true;
  readonly csv?: true;
}

/** `amint fleet`: which accounts use which builds, from EC2's usage reports. */
export const fleetCommand = (): Command =>
  takeRegion(new Command("fleet"))
    .description("show which accounts run which builds, how old they are, and which of them are deprecated or revoked")
    .option("--image <image>", "only this image's builds")
    .option("--ask", "request a usage report from EC2 for each AMI without one from the last day; takes hours")
    .option("--csv", "print CSV (RFC 4180): a line for each account, build and region")
    .action(fleet);

async function fleet({ image, ask, region, json, csv }: Options): Promise<void> {
  const factory = await loadFactory();
  if (image !== undefined) requireImage(factory, image);
  if (json && csv) throw new InvalidArgumentError("Use either --json or --csv, not both.");
  const ledger = openLedger(await readBlueprint());
  const now = await factoryNow();
  const ec2 = (region: string) => new EC2Client(patient(region));
  const facts = await readFleet(ledger, { factory, ...(image !== undefined && { image }), now, ec2 });
  const builds = facts.builds.map((build) => ({
    ...build,
    places: build.places.filter((place) => (region ?? place.region) === place.region),
  }));
  const asked = ask ? await askReports(builds, { ec2, now }) : undefined;
  const found = listFleet(builds, facts.channels);
  const accounts = (await findOrganization(ledger))?.accounts ?? [];
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  if (asked?.refused.length) process.exitCode = 1;
  if (json) printJson({ ...found, ...(asked && { asked }) });
  else if (csv) printFound({ found, names }, (all) => fleetCsv(all.found.rows, all.names));
  else printFound({ found, names }, (all) => drawFleet(all.found, all.names));
  // Separate from the output that programs read.
  if (asked && !json) printFound(asked, (said) => `\n${sayAsked(said)}`, csv ? process.stderr : process.stdout);
}

const heading = [
  "image",
  "build",
  "account",
  "name",
  "region",
  "instances",
  "launch_templates",
  "age_days",
  "standing",
  "deprecated",
  "revoked",
  "as_of",
];

/** CSV (RFC 4180) with a heading and a line for each account, build and region: all fields quoted, CRLF. */
export function fleetCsv(rows: readonly FleetRow[], names: ReadonlyMap<string, string>): string {
  const lines = rows.flatMap(({ image, build, account, ageDays, standing, deprecated, revoked, regions }) =>
    regions.map(({ region, instances, launchTemplates, asOf }) => [
      image,
      buildVersion(build),
      account,
      names.get(account) ?? "",
      region,
      String(instances),
      String(launchTemplates),
      String(ageDays),
      sayStanding(standing),
      String(deprecated),
      String(revoked),
      asOf,
    ]),
  );
  return [heading, ...lines].map((fields) => `${fields.map(quote).join(",")}\r\n`).join("");
}
