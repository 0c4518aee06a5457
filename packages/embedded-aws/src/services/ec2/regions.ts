import type * as Sdk from "@aws-sdk/client-ec2";
import type { Operations } from "../../engine/operation.ts";
import { toPredicate } from "./filters.ts";
import { invalidParameter } from "./refusals.ts";

/** The regions enabled by default. */
export const regionNames: readonly string[] = [
  ...["ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"],
  ...["ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1"],
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
];

/**
 * Regions that are disabled by default (Account Management reference guide, "Enable or disable AWS Regions"). Enabling
 * one is not built.
 */
const optInRegions = [
  ...["af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"],
  ...["ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1"],
  ...["me-south-1", "mx-central-1"],
];

/** The region in zone ids: `apne1` for ap-northeast-1. */
const shortName = (region: string): string =>
  region.replace(/north|south|east|west|central/g, ([first]) => first!).replaceAll("-", "");

/** Three zones each. Zone names are not mapped for each account, as AWS did until 2025. */
export const zonesOf = (region: string): { readonly name: string; readonly id: string }[] =>
  ["a", "b", "c"].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${shortName(region)}-az${index + 1}`,
  }));

export const isRegion = (name: string): boolean => regionNames.includes(name);

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
