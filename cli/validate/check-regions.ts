import { DescribeRegionsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Finding } from "./finding.ts";

/** Regions of the config that there are not, or that are off in the factory's account. */
export async function checkRegions({ regions }: Pick<Factory, "regions">, ec2: EC2Client): Promise<Finding[]> {
  const { Regions = [] } = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
  const statuses = new Map(Regions.map(({ RegionName, OptInStatus }) => [RegionName, OptInStatus]));
  return regions.flatMap((region, nth): Finding[] => {
    const where = `regions[${nth}]`;
    const status = statuses.get(region);
    if (status === undefined) {
      return [{ where, what: `there is no region "${region}"`, fix: "change it in factory.config.ts" }];
    }
    if (status !== "not-opted-in") return [];
    const fix = `aws account enable-region --region-name ${region}, and in accounts that launch there`;
    return [{ where, what: `the region ${region} is off in the factory's account`, fix }];
  });
}
