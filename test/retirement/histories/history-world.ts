import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { ExecutionDoesNotExist } from "@aws-sdk/client-sfn";
import { accountPrincipal, allowEverything, createAws, inProcessHandler, VirtualClock } from "embedded-aws";
import { seedPublicImages } from "embedded-aws/seeds";
import { ec2State, instancesState, reportsState, ssmState, templatesState } from "embedded-aws/state";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import type { BuildArn } from "../../../events/ids.ts";
import { makeBus } from "../../world/bus.ts";
import { directClients, toSdk } from "../../world/direct-clients.ts";
import { createTable, ledgerOf } from "../../world/ledger.ts";
import { documentsOf, type LedgerCommand, LedgerMemory, operationOf } from "../../world/ledger-memory.ts";
import { stepOf } from "../../world/step-of.ts";
import { BEGIN, through } from "../../world/time.ts";
import { ACCOUNT, factory, HOME, REGIONS } from "./history-factory.ts";

export interface Asked {
  readonly service: string;
  readonly operation: string;
  readonly input: { readonly ImageId?: string };
  readonly region: string;
  /** By the function that retires; otherwise by operators and other functions. */
  readonly retiring: boolean;
}

/** Wraps each call of the retiring function: refuses it before, or fails it after it took effect. */
export type Around = (asked: Asked, carryOut: () => Promise<object>) => Promise<object>;

const TABLE = "ledger";

export type HistoryWorld = ReturnType<typeof openHistoryWorld>;

/** A factory's ledger, AMIs and parameters on an embedded AWS, for the bodies of functions to work on. */
export function openHistoryWorld() {
  const clock = new VirtualClock(BEGIN);
  const aws = createAws({ clock, authorizer: allowEverything });
  const promoting = new Set<BuildArn>();
  const now: { around: Around; before: (asked: Asked) => void } = {
    around: (_, carryOut) => carryOut(),
    before: () => undefined,
  };

  async function carryOut(asked: Asked): Promise<object> {
    const { service, operation, input, region } = asked;
    if (service === "states") return playPromotions(promoting, operation, input);
    now.before(asked);
    return aws.call<object>(service, operation, input, { principal: accountPrincipal(ACCOUNT), region }).catch(toSdk);
  }
  const quiet = (service: string, operation: string, input: object, region = HOME) =>
    clock.hold(carryOut({ service, operation, input, region, retiring: false }));
  const disturbed = (service: string, operation: string, input: object, region = HOME) => {
    const asked = { service, operation, input, region, retiring: true };
    return now.around(asked, () => clock.hold(carryOut(asked)));
  };
  const memory = new LedgerMemory();
  const toLedger = (command: LedgerCommand) => memory.send(command);
  const aroundLedger = (command: LedgerCommand): Promise<object> => {
    const asked = { service: "dynamodb", operation: operationOf(command), input: {}, region: HOME, retiring: true };
    return now.around(asked, () => toLedger(command));
  };
  const clientsOf = (ask: typeof quiet, send: typeof toLedger) => ({
    client: directClients(ask, HOME),
    documents: documentsOf(send),
  });
  const undisturbed = clientsOf(quiet, toLedger);
  const hindered = clientsOf(disturbed, aroundLedger);
  let made = 0;
  let lives = 0;
  let requests = 0;
  const stepWith = ({ client, documents }: typeof undisturbed) =>
    stepOf({
      factory,
      env: { PROMOTION_ARN: `arn:aws:states:${HOME}:${ACCOUNT}:stateMachine:promotion` },
      ledger: { documents, table: TABLE },
      bus: { client: client(EventBridgeClient), name: "histories" },
      client,
      now: new Date(clock.now()),
      requestId: `request-${++requests}`,
      wait: (ms) => new Promise<void>((resolve) => void clock.after(ms, resolve)),
    });

  /** A table of the embedded DynamoDB, to compare the one in memory with. */
  async function makeTable() {
    const credentials = { accessKeyId: ACCOUNT, secretAccessKey: "any" };
    const options = { region: HOME, endpoint: "http://aws", credentials, requestHandler: inProcessHandler(aws) };
    const beside = ledgerOf(options, `${TABLE}-${++made}`);
    await createTable(new DynamoDBClient(options), beside.table);
    return beside;
  }

  return {
    aws,
    clock,
    promoting,
    now,
    get ledger(): Ledger {
      return { documents: undisturbed.documents, table: TABLE };
    },
    /** For operators and other functions, without faults. */
    step: () => stepWith(undisturbed),
    /** For the function that retires. */
    retireStep: () => stepWith(hindered),
    async as(account: string, region: string, operation: string, input: object): Promise<object> {
      now.before({ service: "ec2", operation, input, region, retiring: false });
      const asked = { principal: accountPrincipal(account), region };
      return clock.hold(aws.call<object>("ec2", operation, input, asked).catch(toSdk));
    },
    /** The initial state: nothing was built, nothing runs. @param compares its ledger with DynamoDB's */
    async renew(compares: boolean): Promise<void> {
      if (lives++ === 0) await makeBus(undisturbed.client(EventBridgeClient), "histories");
      memory.begin(compares ? await makeTable() : undefined);
      promoting.clear();
      for (const { state } of aws.places(ec2State)) for (const map of [state.images, state.tags]) map.clear();
      for (const { state } of aws.places(instancesState)) state.instances.clear();
      for (const { state } of aws.places(templatesState)) state.templates.clear();
      for (const { state } of aws.places(reportsState)) state.reports.clear();
      for (const region of REGIONS) {
        const { parameters, validating } = aws.state(ssmState, ACCOUNT, region);
        parameters.clear();
        validating.clear();
      }
      // What a channel's children start from where it points at nothing.
      seedPublicImages(aws, [HOME]);
    },
    /** @throws where DynamoDB has another ledger */
    checkLedger: () => memory.check(),
    through: through(clock),
  };
}

/** The part of Step Functions used here: listing running promotions, each named after its build. */
function playPromotions(promoting: ReadonlySet<BuildArn>, operation: string, input: object): object {
  const { executionArn } = input as { executionArn?: string };
  if (operation === "ListExecutions") return { executions: [...promoting].map((build) => ({ executionArn: build })) };
  if (operation === "DescribeExecution") return { input: JSON.stringify({ build: executionArn }) };
  throw new ExecutionDoesNotExist({ message: `${operation} finds nothing`, $metadata: {} });
}
