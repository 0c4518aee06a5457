import { buildVersion } from "../../core/build/build-arn.ts";
import type { FleetRow } from "../../core/fleet/list-fleet.ts";
import { quote } from "../share/to-csv.ts";
import { sayStanding } from "./draw-fleet.ts";

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
