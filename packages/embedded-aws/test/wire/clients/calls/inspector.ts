import { answered, bytes, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

const account = "111122223333";
const uuid = "624b746d-e080-44ae-8c1d-48e653365a38";
const instance = "i-0123456789abcdef0";
const scan = {
  scanName: "amint-scan",
  securityLevel: "LEVEL_1",
  schedule: { oneTime: {} },
  targets: { accountIds: ["SELF"], targetResourceTags: { Ec2ImageBuilderArn: ["arn:aws:imagebuilder:none"] } },
};
const named = { filterCriteria: { scanNameFilters: [{ comparison: "EQUALS", value: scan.scanName }] } };
const scanArn = ref("scans.scans.0.scanArn");
const noConfiguration = `arn:aws:inspector2:eu-west-1:${account}:owner/${account}/cis-configuration/${uuid}`;
const notFound = "404 ResourceNotFoundException";
const invalid = "400 ValidationException";
/** Only an instance that is being scanned has a job. */
const session = { scanJobId: uuid, sessionToken: uuid };

/** AWS added them in January 2024. */
const CIS_CALLS: readonly FactoryCall[] = ofService("inspector2", [
  answered("CreateCisScanConfiguration as configuration", { ...scan, tags: { "amint:factory": "acme" } }).says({
    scanConfigurationArn: PRESENT,
  }),
  refused("CreateCisScanConfiguration", { ...scan, securityLevel: "LEVEL_3" }).with(invalid),
  answered("ListCisScans as scans", named).says({ "scans.0.status": "IN_PROGRESS" }),
  answered("ListCisScans", named, { after: 30 }).says({ "scans.0.status": "COMPLETED", "scans.0.totalChecks": 0 }),
  answered("ListCisScanResultsAggregatedByTargetResource", {
    scanArn,
    filterCriteria: { targetResourceIdFilters: [{ comparison: "EQUALS", value: instance }] },
  }).says({ targetResourceAggregations: [] }),
  answered("GetCisScanResultDetails", { scanArn, accountId: account, targetResourceId: instance }).says({
    scanResultDetails: [],
  }),
  refused("StartCisSession", { scanJobId: uuid, message: { sessionToken: uuid } }).with(invalid),
  refused("SendCisSessionHealth", session).with(invalid),
  refused("SendCisSessionTelemetry", {
    ...session,
    messages: [{ ruleId: "1.1.1", status: "PASSED", cisRuleDetails: bytes("detail") }],
  }).with(invalid),
  refused("StopCisSession", { ...session, message: { status: "SUCCESS", progress: {} } }).with(invalid),
  // Clients that are older than CIS scans know these, and have no configuration to tag.
  refused("TagResource", { resourceArn: noConfiguration, tags: { team: "é" } }).with(notFound),
  refused("UntagResource", { resourceArn: noConfiguration, tagKeys: ["team"] }).with(notFound),
  refused("ListTagsForResource", { resourceArn: noConfiguration }).with(notFound),
  answered("DeleteCisScanConfiguration", { scanConfigurationArn: ref("configuration.scanConfigurationArn") }).says({
    scanConfigurationArn: PRESENT,
  }),
  refused("DeleteCisScanConfiguration", { scanConfigurationArn: ref("configuration.scanConfigurationArn") }).with(
    "404 ResourceNotFoundException",
  ),
]);

/** Amazon Inspector. */
export const INSPECTOR_CALLS: readonly FactoryCall[] = ofService("inspector2", [
  answered("Enable", { resourceTypes: ["EC2"] }).says({ "accounts.0.accountId": account }),
  refused("Enable", { resourceTypes: ["MOON"] }).with("400 ValidationException"),
  answered("BatchGetAccountStatus", { accountIds: [account] }).says({ "accounts.0.state.status": "ENABLED" }),
  ...CIS_CALLS.map((call) => ({ ...call, since: 2024 })),
]);
