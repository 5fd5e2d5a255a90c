/** The help that `?` opens: the keys of the page shown and those that work everywhere, made from the keys themselves. */
import { Group, Kbd, Modal, Stack, Switch, Table, Text, Title } from '@mantine/core';
import { keyCaps } from './keyRules.ts';
import { useKeyGroups, useSingleKeys } from './useKeys.ts';

/** The dialog. */
export function KeyHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const groups = useKeyGroups().filter(({ keys }) => keys.length > 0);
  const [singleKeys, setSingleKeys] = useSingleKeys();
  return (
    <Modal opened={opened} onClose={onClose} title="Keys">
      <Stack gap="md">
        {groups.map(({ scope, keys }) => (
          <section key={scope}>
            <Title order={3} size="h5">
              {scope}
            </Title>
            <Table verticalSpacing={4} horizontalSpacing={0}>
              <Table.Tbody>
                {keys.map(({ name, does }) => (
                  <Table.Tr key={name}>
                    <Table.Th scope="row" fw={400} w="60%">
                      {does}
                    </Table.Th>
                    <Table.Td>
                      <Group gap={4}>
                        {keyCaps(name).map((cap) => (
                          <Kbd key={cap}>{cap}</Kbd>
                        ))}
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </section>
        ))}
        <Switch
          label="Keys without Ctrl"
          description="Switch them off if you speak to your computer or press keys by accident."
          checked={singleKeys}
          onChange={(event) => setSingleKeys(event.currentTarget.checked)}
        />
        <Text size="xs">No key does anything while you type or while a dialog is open.</Text>
      </Stack>
    </Modal>
  );
}
