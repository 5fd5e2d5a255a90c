/** The dialog that takes a file of receipts: what it holds is seen before anything is sent, and what became of each row after. */
import { Alert, Button, FileInput, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { RECEIPT_COLUMNS } from './receiptRow.ts';
import { useSend } from '../actions/useSend.ts';
import { formatCount, formatMoney } from '../format.ts';
import { DialogForm } from '../parts/DialogForm.tsx';
import type { DialogProps } from '../parts/lazyDialog.tsx';
import { sumsOf } from './batch.ts';
import { BATCH_MAX, recordReceipts, type ReceiptResult } from './calls.ts';
import { readReceiptFile, type ReceiptFile } from './receiptFile.ts';
import { resultCounts } from './words.ts';

type Read = Extract<ReceiptFile, { ok: true }>;
type Row = Read['receipts'][number];

/** Asks for the file. */
export function UploadDialog({ opened, onClose }: DialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title="Upload a file of receipts"
      transitionProps={{ duration: 0 }}
    >
      {opened && <Content onClose={onClose} />}
    </Modal>
  );
}

interface Sent {
  row: Row;
  result: ReceiptResult;
}

/** Sends the rows in requests of at most a thousand, one after the other; sent again, nothing is booked twice. */
async function sendRows(rows: readonly Row[]): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let from = 0; from < rows.length; from += BATCH_MAX) {
    const batch = rows.slice(from, from + BATCH_MAX);
    const results = await recordReceipts(
      batch.map(({ receipt }) => receipt),
      'file',
    );
    for (const result of results) {
      const row = batch[result.index];
      if (row) sent.push({ row, result });
    }
  }
  return sent;
}

function Content({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<ReceiptFile>();
  const [sent, setSent] = useState<readonly Sent[]>();
  const [isAsked, setAsked] = useState(false);
  const sender = useSend<readonly Row[], readonly Sent[]>({ send: sendRows, done: setSent });
  const [name, setName] = useState<File | null>(null);
  async function choose(chosen: File | null): Promise<void> {
    setName(chosen);
    sender.reset();
    setFile(chosen ? readReceiptFile(await chosen.text()) : undefined);
  }
  function submit(): void {
    setAsked(true);
    if (file?.ok && file.receipts.length > 0) sender.send(file.receipts);
  }
  if (sent) return <Results sent={sent} onClose={onClose} />;
  const count = file?.ok ? file.receipts.length : 0;
  return (
    <DialogForm
      {...sender}
      onSubmit={submit}
      onClose={onClose}
      placed={[]}
      confirm={
        count === 0
          ? 'Record the receipts'
          : `Record ${formatCount(count)} ${count === 1 ? 'receipt' : 'receipts'}`
      }
    >
      <FileInput
        label="File"
        description={`CSV with a header line: ${RECEIPT_COLUMNS.join(', ')}. The first four are needed; amounts like 129.99.`}
        placeholder="Choose a file"
        accept=".csv,text/csv"
        required
        value={name}
        onChange={(chosen) => void choose(chosen)}
        error={file?.ok === false ? file.problem : isAsked && !file ? 'Choose a file.' : undefined}
      />
      {file?.ok && <Seen file={file} />}
    </DialogForm>
  );
}

function Seen({ file: { receipts, wrong } }: { file: Read }) {
  const sums = sumsOf(receipts.map(({ receipt }) => receipt)).map(({ amount, currency }) =>
    formatMoney(amount, currency),
  );
  return (
    <Stack gap="xs" role="status">
      <Text size="sm">
        {formatCount(receipts.length)} {receipts.length === 1 ? 'receipt' : 'receipts'}
        {sums.length > 0 && `, ${sums.join(' and ')} together`}. What was recorded before is not booked again.
      </Text>
      {wrong.length > 0 && (
        <Alert
          color="orange"
          title={`${formatCount(wrong.length)} of its lines can not be read and are left out`}
        >
          <Lines rows={wrong.map(({ line, problem }) => ({ line, text: problem }))} />
        </Alert>
      )}
    </Stack>
  );
}

function Results({ sent, onClose }: { sent: readonly Sent[]; onClose: () => void }) {
  const refused = sent.flatMap(({ row, result: { problem } }) =>
    problem === null ? [] : [{ line: row.line, text: problem.detail === '' ? problem.code : problem.detail }],
  );
  return (
    <Stack gap="sm">
      <Text size="sm" role="status">
        {resultCounts(sent.map(({ result }) => result))}.
      </Text>
      {refused.length > 0 && (
        <Alert color="orange" title="To be looked at">
          <Lines rows={refused} />
        </Alert>
      )}
      <Group justify="flex-end">
        <Button data-autofocus onClick={onClose}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}

const LINES_MAX = 20;

function Lines({ rows }: { rows: readonly { line: number; text: string }[] }): ReactNode {
  return (
    <List size="sm">
      {rows.slice(0, LINES_MAX).map(({ line, text }) => (
        <List.Item key={line}>
          Line {line}: {text}
        </List.Item>
      ))}
      {rows.length > LINES_MAX && <List.Item>and {formatCount(rows.length - LINES_MAX)} more</List.Item>}
    </List>
  );
}
