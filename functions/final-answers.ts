/**
 * Keeps answers that never change again, for the life of the execution environment. An answer that may change, and a
 * failure, are asked for again.
 * @param most how many; when there are more, all are forgotten
 * @param isFinal whether an answer never changes again
 * @returns asks, unless the client was asked for the same key before
 */
export function finalAnswers<Client extends object, Key, Answer>(
  most: number,
  isFinal: (answer: Answer) => boolean,
): (client: Client, key: Key, ask: () => Promise<Answer>) => Promise<Answer> {
  const kept = new WeakMap<Client, Map<Key, Promise<Answer>>>();
  return async (client, key, ask) => {
    const answers = kept.get(client) ?? new Map<Key, Promise<Answer>>();
    kept.set(client, answers);
    const asking = answers.get(key) ?? ask();
    if (answers.size >= most) answers.clear();
    answers.set(key, asking);
    let isKept = false;
    try {
      const answer = await asking;
      isKept = isFinal(answer);
      return answer;
    } finally {
      if (!isKept && answers.get(key) === asking) answers.delete(key);
    }
  };
}
