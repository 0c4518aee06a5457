import type * as Sdk from "@aws-sdk/client-cloudwatch";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";

/** Kinds of widgets (CloudWatch API reference, "Dashboard body structure and syntax"). */
const TYPES: ReadonlySet<unknown> = new Set(["metric", "text", "log", "alarm", "explorer", "custom"]);
const COLUMNS = 24;
const ROWS = 1_000;
const MOST_WIDGETS = 500;
const MOST_METRICS = 500;

type Members = Readonly<Record<string, unknown>>;

interface Dashboard {
  readonly name: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly tags: Map<string, string>;
}

const dashboards = defineState("cloudwatch dashboards", () => new Map<string, Dashboard>());

export const operations = {
  PutDashboard: {
    authorize: ({ DashboardName = "", Tags = [] }, { aws, account }) => [
      {
        resources: [dashboardArn(aws, account, DashboardName)],
        context: requestTagContext(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
      },
    ],
    run({ DashboardName: name = "", DashboardBody: body = "", Tags = [] }, { aws, account }) {
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
      const known = dashboardsOf(aws, account);
      // Tags of an existing dashboard stay (API reference, PutDashboard).
      const tags = known.get(name)?.tags ?? new Map(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
      known.set(name, { name, body, modifiedAt: aws.clock.now(), tags });
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
      const described = ({ name, body, modifiedAt }: Dashboard): Sdk.DashboardEntry => ({
        DashboardName: name,
        DashboardArn: dashboardArn(aws, account, name),
        LastModified: new Date(modifiedAt),
        Size: Buffer.byteLength(body),
      });
      return { DashboardEntries: found.map(described) };
    },
  },
  /** Deletes all of them, or none if one does not exist. */
  DeleteDashboards: {
    authorize: ({ DashboardNames = [] }, { aws, account }) => [
      { resources: DashboardNames.map((name) => dashboardArn(aws, account, name)) },
    ],
    run({ DashboardNames = [] }, { aws, account }) {
      const known = dashboardsOf(aws, account);
      const missing = DashboardNames.filter((name) => !known.has(name));
      if (missing.length > 0) throw notFound(missing);
      for (const name of DashboardNames) known.delete(name);
    },
  },
} satisfies Operations<typeof Sdk>;

/** Undefined if it does not exist. */
export const dashboardWithArn = ({ aws, account }: Call, arn: string): Dashboard | undefined =>
  [...dashboardsOf(aws, account).values()].find(({ name }) => dashboardArn(aws, account, name) === arn);

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The errors in a dashboard's body, each with its path. */
export function findFaults(body: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    return [String(error)];
  }
  if (!isMembers(parsed)) return ["expected an object"];
  const { widgets } = parsed;
  if (!Array.isArray(widgets)) return ["/widgets: expected an array"];
  if (widgets.length > MOST_WIDGETS) return [`/widgets: at most ${MOST_WIDGETS}, found ${widgets.length}`];
  return widgets.flatMap((widget, n) => faultsOf(widget).map((fault) => `/widgets/${n}${fault}`));
}

function faultsOf(widget: unknown): string[] {
  if (!isMembers(widget)) return [": expected an object"];
  const { type, x, y, width = 6, height = 6, properties } = widget;
  const faults: string[] = [];
  if (!TYPES.has(type)) faults.push(`/type: expected one of ${[...TYPES].join(", ")}, found ${type}`);
  if (!isMembers(properties)) faults.push("/properties: expected an object");
  if (!isIn(width, 1, COLUMNS)) faults.push(`/width: expected 1 to ${COLUMNS}, found ${width}`);
  if (!isIn(height, 1, ROWS)) faults.push(`/height: expected 1 to ${ROWS}, found ${height}`);
  if ((x === undefined) !== (y === undefined)) faults.push(": x and y must be set together");
  if (x !== undefined && !isIn(x, 0, COLUMNS - 1)) faults.push(`/x: expected 0 to ${COLUMNS - 1}, found ${x}`);
  return [...faults, ...(isMembers(properties) ? faultsOfProperties(type, properties) : [])];
}

function faultsOfProperties(type: unknown, { markdown, alarms, metrics, region, annotations }: Members): string[] {
  switch (type) {
    case "text":
      return typeof markdown === "string" ? [] : ["/properties/markdown: expected a string"];
    case "alarm":
      return Array.isArray(alarms) ? [] : ["/properties/alarms: expected an array"];
    case "metric": {
      if (typeof region !== "string") return ["/properties/region: expected a region"];
      if (metrics === undefined) return annotations ? [] : ["/properties: expected metrics or annotations"];
      if (!Array.isArray(metrics)) return ["/properties/metrics: expected an array"];
      return metrics.length > MOST_METRICS ? [`/properties/metrics: at most ${MOST_METRICS}`] : [];
    }
    default:
      return [];
  }
}

const isIn = (value: unknown, from: number, to: number): boolean =>
  Number.isInteger(value) && Number(value) >= from && Number(value) <= to;

/** Dashboards belong to an account and no region: they may show metrics of all regions. */
const dashboardsOf = (aws: EmbeddedAws, account: string) => aws.state(dashboards, account, "");

const dashboardArn = (aws: EmbeddedAws, account: string, name: string): string =>
  `arn:${aws.partition}:cloudwatch::${account}:dashboard/${name}`;

const refused = (code: string, message: string): AwsError => new AwsError(code, message, { status: 400 });

const notFound = (names: readonly string[]): AwsError =>
  new AwsError("ResourceNotFound", `Dashboard ${names.join(", ")} does not exist`);
