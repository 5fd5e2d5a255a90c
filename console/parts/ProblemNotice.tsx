/** The API's refusal as people read it, in a form or a dialog: what is wrong, where, and the request id. */
import { Alert, Code, List, Text } from '@mantine/core';
import { ApiProblem, Unreachable } from '../api/client.ts';
import { words } from '../format.ts';

/** Shows a refusal; nothing when there is none. `placed` are the pointers that stand beside their fields already. */
export function ProblemNotice({ error, placed = [] }: { error: unknown; placed?: readonly string[] }) {
  if (error === null || error === undefined) return null;
  const problem = error instanceof ApiProblem ? error : undefined;
  const rest = problem?.errors.filter((one) => !placed.includes(one.pointer)) ?? [];
  return (
    <Alert color="red" role="alert" title={titleOf(error)}>
      {problem?.detail !== undefined && <Text size="sm">{problem.detail}</Text>}
      {rest.length > 0 && (
        <List size="sm">
          {rest.map((one) => (
            <List.Item key={`${one.pointer} ${one.detail}`}>
              {words(one.pointer.replace(/^[/?]/, ''))}: {one.detail}
            </List.Item>
          ))}
        </List>
      )}
      {problem?.requestId !== undefined && (
        <Text size="xs" mt={4}>
          Request <Code>{problem.requestId}</Code>
        </Text>
      )}
    </Alert>
  );
}

function titleOf(error: unknown): string {
  if (error instanceof ApiProblem) return error.title;
  if (error instanceof Unreachable)
    return 'The connection failed. What you typed is still here: try again when it is back.';
  return 'Something failed';
}

/** The refusal of one field, as a sentence to stand beside it. */
export function fieldError(error: unknown, pointer: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const detail = error.errors.find((one) => one.pointer === pointer)?.detail;
  return detail && detail.charAt(0).toUpperCase() + detail.slice(1);
}
