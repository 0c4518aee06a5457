import type * as Sdk from "@aws-sdk/client-cloudwatch-logs";
import { afterWork } from "../../../engine/clock/clock.ts";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { groupArn, invalid, nameInIdentifier, notFound, onGroup, requireGroup } from "../log-group.ts";
import { type InsightsQuery, logsIn } from "../state.ts";
import { parseQuery } from "./parse-query.ts";
import { runQuery } from "./run-query.ts";
import { malformed } from "./token-reader.ts";

/** Duration of a query. In AWS from one second to minutes. */
const TAKES_MS = 1_000;

/** Number of queries whose results are kept; AWS keeps them for seven days. */
const KEPT = 1_000;

const MOST_ROWS = 10_000;

interface NamesGroups {
  readonly logGroupName?: string | undefined;
  readonly logGroupNames?: string[] | undefined;
  readonly logGroupIdentifiers?: string[] | undefined;
}

/** @throws InvalidParameterException unless exactly one member names the groups */
function groupNames({ logGroupName, logGroupNames, logGroupIdentifiers }: NamesGroups, call: Call): string[] {
  const given = [logGroupName && [logGroupName], logGroupNames, logGroupIdentifiers].filter((one) => one !== undefined);
  if (given.length !== 1 || !given[0]) {
    throw invalid("Exactly one of logGroupName, logGroupNames or logGroupIdentifiers must be specified.");
  }
  return given[0].map((one) => nameInIdentifier(one, call));
}

/** Operations on queries have no resources (service authorization reference, "Amazon CloudWatch Logs"). */
export const operations = {
  StartQuery: {
    authorize: (input, call) => groupNames(input, call).map((name) => onGroup(call, name)),
    run(input, call) {
      const { queryString: text = "", queryLanguage = "CWLI", limit = MOST_ROWS } = input;
      const [from, to] = [(input.startTime ?? 0) * 1_000, (input.endTime ?? 0) * 1_000 + 999];
      if (queryLanguage !== "CWLI") {
        throw new AwsError("NotImplemented", `logs:StartQuery in the language ${queryLanguage} is not built`);
      }
      const groups = groupNames(input, call).map((name) => requireGroup(call, name));
      const commands = parseQuery(text);
      if (from > to || groups.every(({ createdAt }) => createdAt > to)) {
        throw malformed(
          "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings",
        );
      }
      const { queries } = logsIn(call.aws, call.account, call.region);
      const query: InsightsQuery = {
        id: call.aws.uuid(),
        text,
        groupNames: groups.map(({ name }) => name),
        startedAt: call.aws.clock.now(),
        status: "Running",
        results: [],
        statistics: {},
      };
      queries.set(query.id, query);
      for (const id of queries.keys()) if (queries.size > KEPT) queries.delete(id);
      afterWork(call.aws.clock, TAKES_MS, () => {
        if (query.status !== "Running") return;
        const now = call.aws.clock.now();
        Object.assign(query, runQuery(groups, commands, { from, to }, { limit, now }), { status: "Complete" });
      });
      return { queryId: query.id };
    },
  },
  GetQueryResults: {
    list: { items: "results", size: "maxItems", most: MOST_ROWS },
    run({ queryId = "" }, call) {
      const { status, results, statistics } = requireQuery(call, queryId);
      return { queryLanguage: "CWLI" as const, status, results, statistics };
    },
  },
  StopQuery: {
    run({ queryId = "" }, call) {
      const query = requireQuery(call, queryId);
      if (query.status !== "Running") {
        throw invalid(`Query with ID ${queryId} is not running: its status is ${query.status}.`);
      }
      query.status = "Cancelled";
      return { success: true };
    },
  },
  /** Newest first. */
  DescribeQueries: {
    list: { items: "queries", size: "maxResults", most: 1_000 },
    authorize: (_, call) => [{ resources: [`${groupArn(call, "")}:log-stream:`] }],
    run({ logGroupName, status, queryLanguage = "CWLI" }, call) {
      const found = [...logsIn(call.aws, call.account, call.region).queries.values()].filter(
        (query) =>
          (logGroupName === undefined || query.groupNames.includes(logGroupName)) &&
          (status === undefined || query.status === status) &&
          queryLanguage === "CWLI",
      );
      return {
        queries: found.reverse().map((query) => ({
          queryLanguage: "CWLI" as const,
          queryId: query.id,
          queryString: query.text,
          status: query.status,
          createTime: query.startedAt,
          logGroupName: query.groupNames[0] ?? "",
        })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** @throws ResourceNotFoundException */
function requireQuery({ aws, account, region }: Call, id: string): InsightsQuery {
  const query = logsIn(aws, account, region).queries.get(id);
  if (!query) throw notFound(`Query with ID ${id} does not exist.`);
  return query;
}
