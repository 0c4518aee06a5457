import type { Call } from "../../../operation.ts";

/** How CloudTrail writes the calls of one service. */
export interface RecordedService {
  /** `kms.amazonaws.com` */
  readonly eventSource: string;
  /** EventBridge's name of the source: `aws.kms`. */
  readonly source: string;
  /** Whether a call only reads. EventBridge hands those to no rule that has not asked for them, which is not built. */
  isRead(name: string): boolean;
  /**
   * Asked before the call, which can change the answer: the accounts beside the caller's that get the event of a call
   * that succeeds. A call that fails is recorded for its caller only.
   */
  otherAccounts?(input: object, call: Call): readonly string[];
  /** Other accounts read who called; left out: they read only the caller's account, as with KMS. */
  readonly namesCallers?: true;
  requestParameters(name: string, input: object): unknown;
  responseElements(name: string, output: unknown, call: Call, input: object): unknown;
  /** Fields of the event that only this service has. `output` is undefined where the call failed. */
  moreFields?(name: string, input: object, output: unknown, call: Call): Readonly<Record<string, unknown>>;
  /** How CloudTrail writes the code of a refusal, where it is not the API's code. */
  errorCode?(code: string): string;
  /**
   * Its events are made even when no rule can match them, with ids from the common sequence: so the ids of a run do
   * not depend on its rules. For services with few calls only.
   */
  readonly alwaysMade?: true;
}
