import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { DashboardEntry } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { defineState } from "../../engine/state.ts";
import { findFaults } from "./check-dashboard.ts";

interface Dashboard {
  readonly name: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

const dashboards = defineState("cloudwatch dashboards", () => new Map<string, Dashboard>());

/** An account has its dashboards in no region: they may show metrics of all of them. */
const dashboardsOf = (aws: EmbeddedAws, account: string) => aws.state(dashboards, account, "");

const dashboardArn = (aws: EmbeddedAws, account: string, name: string): string =>
  `arn:${aws.partition}:cloudwatch::${account}:dashboard/${name}`;

export const operations = {
  PutDashboard: {
    authorize: ({ DashboardName = "" }, { aws, account }) => [
      { resources: [dashboardArn(aws, account, DashboardName)] },
    ],
    run({ DashboardName: name = "", DashboardBody: body = "" }, { aws, account }) {
      if (!/^[\w-]{1,255}$/.test(name)) {
        throw refused(
          "InvalidParameterValue",
          `The value ${name} for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).`,
        );
      }
      const faults = findFaults(body);
      if (faults.length > 0) {
        throw refused(
          "InvalidParameterInput",
          `The field DashboardBody must be a valid JSON object: ${faults.join("; ")}`,
        );
      }
      dashboardsOf(aws, account).set(name, { name, body, modifiedAt: aws.clock.now() });
      return { DashboardValidationMessages: [] };
    },
  },
  GetDashboard: {
    authorize: ({ DashboardName = "" }, { aws, account }) => [
      { resources: [dashboardArn(aws, account, DashboardName)] },
    ],
    run({ DashboardName: name = "" }, { aws, account }) {
      const found = dashboardsOf(aws, account).get(name);
      if (!found) throw notFound([name]);
      return { DashboardArn: dashboardArn(aws, account, name), DashboardBody: found.body, DashboardName: name };
    },
  },
  ListDashboards: {
    list: { items: "DashboardEntries", usual: 1_000 },
    run({ DashboardNamePrefix = "" }, { aws, account }) {
      const found = [...dashboardsOf(aws, account).values()]
        .filter(({ name }) => name.startsWith(DashboardNamePrefix))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const described = ({ name, body, modifiedAt }: Dashboard): DashboardEntry => ({
        DashboardName: name,
        DashboardArn: dashboardArn(aws, account, name),
        LastModified: new Date(modifiedAt),
        Size: Buffer.byteLength(body),
      });
      return { DashboardEntries: found.map(described) };
    },
  },
  /** All of them or, where one is not there, none. */
  DeleteDashboards: {
    authorize: ({ DashboardNames = [] }, { aws, account }) => [
      { resources: DashboardNames.map((name) => dashboardArn(aws, account, name)) },
    ],
    run({ DashboardNames = [] }, { aws, account }) {
      const known = dashboardsOf(aws, account);
      const missing = DashboardNames.filter((name) => !known.has(name));
      if (missing.length > 0) throw notFound(missing);
      for (const name of DashboardNames) known.delete(name);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

const refused = (code: string, message: string): AwsError => new AwsError(code, message, { status: 400 });

const notFound = (names: readonly string[]): AwsError =>
  new AwsError("ResourceNotFound", `Dashboard ${names.join(", ")} does not exist`, { status: 404 });
