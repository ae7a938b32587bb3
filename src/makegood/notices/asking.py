"""What can be asked for, because we know it: who follows a conversation, who is named in it."""

from makegood.conversations.knowing import knows_people

knows_people(
    "follows",
    "SELECT a.conversation_id FROM notices_following a WHERE a.left_at IS NULL",
)
knows_people(
    "mentions",
    "SELECT n.conversation_id FROM notices_mention a"
    " JOIN conversations_note n ON n.id = a.note_id WHERE 1=1",
)
