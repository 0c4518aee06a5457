import type * as Sdk from "@aws-sdk/client-ec2";
import type { Operations } from "../../engine/operation.ts";
import { toPredicate } from "./filters.ts";
import { invalidParameter } from "./refusals.ts";

/** The regions enabled by default, with the short names in zone ids. */
const regions: Readonly<Record<string, string>> = {
  "ap-northeast-1": "apne1",
  "ap-northeast-2": "apne2",
  "ap-northeast-3": "apne3",
  "ap-south-1": "aps1",
  "ap-southeast-1": "apse1",
  "ap-southeast-2": "apse2",
  "ca-central-1": "cac1",
  "eu-central-1": "euc1",
  "eu-north-1": "eun1",
  "eu-west-1": "euw1",
  "eu-west-2": "euw2",
  "eu-west-3": "euw3",
  "sa-east-1": "sae1",
  "us-east-1": "use1",
  "us-east-2": "use2",
  "us-west-1": "usw1",
  "us-west-2": "usw2",
};

/**
 * Regions that are disabled by default (Account Management reference guide, "Enable or disable AWS Regions"). Enabling
 * one is not built.
 */
const optInRegions = [
  ...["af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"],
  ...["ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1"],
  ...["me-south-1", "mx-central-1"],
];

export const regionNames: readonly string[] = Object.keys(regions);

/** Three zones each. Zone names are not mapped for each account, as AWS did until 2025. */
export const zonesOf = (region: string): { readonly name: string; readonly id: string }[] =>
  ["a", "b", "c"].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${regions[region] ?? region.replaceAll("-", "")}-az${index + 1}`,
  }));

export const isRegion = (name: string): boolean => Object.hasOwn(regions, name);

const toRegion = (name: string) => ({
  RegionName: name,
  Endpoint: `ec2.${name}.amazonaws.com`,
  OptInStatus: isRegion(name) ? "opt-in-not-required" : "not-opted-in",
});

type RegionOutput = ReturnType<typeof toRegion>;

export const operations = {
  DescribeRegions: {
    run(input) {
      const known = input.AllRegions ? [...regionNames, ...optInRegions].sort() : regionNames;
      const unknown = (input.RegionNames ?? []).find((name) => !known.includes(name));
      if (unknown) throw invalidParameter(`Invalid region provided: [${unknown}]`);
      const passes = toPredicate<RegionOutput>(input.Filters, {
        endpoint: (region) => region.Endpoint,
        "opt-in-status": (region) => region.OptInStatus,
        "region-name": (region) => region.RegionName,
      });
      const names = input.RegionNames?.length ? input.RegionNames : known;
      return { Regions: names.map(toRegion).filter(passes) };
    },
  },
  DescribeAvailabilityZones: {
    run(input, { region }) {
      const zones = zonesOf(region).map(({ name, id }) => ({
        State: "available" as const,
        OptInStatus: "opt-in-not-required" as const,
        RegionName: region,
        ZoneName: name,
        ZoneId: id,
        GroupName: region,
        NetworkBorderGroup: region,
        ZoneType: "availability-zone",
      }));
      const passes = toPredicate<(typeof zones)[number]>(input.Filters, {
        "region-name": (zone) => zone.RegionName,
        state: (zone) => zone.State,
        "zone-id": (zone) => zone.ZoneId,
        "zone-name": (zone) => zone.ZoneName,
        "zone-type": (zone) => zone.ZoneType,
        "opt-in-status": (zone) => zone.OptInStatus,
      });
      const named = (zone: (typeof zones)[number]) =>
        (!input.ZoneNames?.length || input.ZoneNames.includes(zone.ZoneName)) &&
        (!input.ZoneIds?.length || input.ZoneIds.includes(zone.ZoneId));
      return { AvailabilityZones: zones.filter((zone) => named(zone) && passes(zone)) };
    },
  },
} satisfies Operations<typeof Sdk>;
