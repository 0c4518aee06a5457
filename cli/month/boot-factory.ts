import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { busName } from "../../core/names.ts";
import { type BootedAws, bootAws } from "../../local/boot.ts";
import { VirtualClock } from "../../local/clock/virtual-clock.ts";
import type { Blueprint } from "../../local/deploy/blueprint.ts";
import { watchBus } from "../../local/services/events/watch.ts";
import { type InstancePlan, simulateInstances } from "../../local/services/imagebuilder/simulation.ts";
import { inProcessHandler } from "../../local/wire/in-process-handler.ts";
import { functionOf, root } from "../blueprint.ts";
import { type SlackStandIn, startSlack } from "../stand-ins/slack.ts";
import { type ClientOptions, clientOptions } from "./client-options.ts";
import { exampleOrganization } from "./organization.ts";

/** Something the factory said on its bus, in factory time. */
export interface FactoryEvent {
  readonly time: string;
  readonly detailType: string;
  readonly detail: Record<string, unknown>;
}

export interface RunningFactory {
  readonly booted: BootedAws;
  readonly clock: VirtualClock;
  readonly slack: SlackStandIn;
  readonly events: readonly FactoryEvent[];
  /** How the SDK reaches the factory's account in its build region. */
  readonly options: ClientOptions;
  /** Hands an event to the function `functions/<name>.ts`, as its source would. */
  send(name: string, event: object): Promise<void>;
  close(): Promise<void>;
}

export interface FactoryOptions {
  readonly factory: Factory;
  readonly blueprint: Blueprint;
  /** Where the embedded AWS listens; 0: anywhere; left out: nowhere, it is reached in process. */
  readonly port?: number;
  /** Where functions run; `workers` unless said. */
  readonly functions?: "in-process" | "workers";
  /** When factory time begins, in milliseconds since the epoch. */
  readonly begin: number;
  readonly plan: InstancePlan;
  readonly onEvent?: (event: FactoryEvent) => void;
}

const slackToken = "xoxb-stand-in";

/** Boots the embedded AWS from the blueprint, with an organization, simulated instances and a Slack to speak to. */
export async function bootFactory(wanted: FactoryOptions): Promise<RunningFactory> {
  const { factory, blueprint, port, functions, plan, onEvent } = wanted;
  const { account, buildRegion } = blueprint;
  const clock = new VirtualClock(wanted.begin);
  const slack = await startSlack(slackToken);
  try {
    const booted = await bootAws({
      clock,
      blueprint,
      root,
      ...(port !== undefined && { port }),
      ...(functions && { functions }),
      organization: exampleOrganization(factory, account),
      secrets: { SlackBotToken: slackToken, SlackSigningSecret: "stand-in", SlackApiUrl: slack.url },
    });
    const events: FactoryEvent[] = [];
    watchBus(booted.aws, account, buildRegion, busName(factory.name), (event) => {
      const said = { time: event.time, detailType: event["detail-type"], detail: event.detail };
      events.push(said);
      onEvent?.(said);
    });
    simulateInstances(booted.aws, account, buildRegion, plan);
    const options = {
      ...clientOptions(booted.url, account, buildRegion),
      ...(port === undefined && { requestHandler: inProcessHandler(booted.aws) }),
    };
    const lambda = new LambdaClient(options);
    const send = async (name: string, event: object) => {
      const FunctionName = functionOf(blueprint, name);
      await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload: JSON.stringify(event) }));
    };
    const close = async () => {
      slack.close();
      await booted.close();
    };
    return { booted, clock, slack, events, options, send, close };
  } catch (error) {
    slack.close();
    throw error;
  }
}
