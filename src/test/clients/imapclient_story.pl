#!/usr/bin/perl
# What a script with Mail::IMAPClient does; the rest of its story is in imapclient_story.py.
# imapclient_story.pl HOST PORT USER OTHER PASSWORD

use strict;
use warnings;
use Mail::IMAPClient;

my ($host, $port, $user, $other, $password) = @ARGV;
my ($box, $aside, $renamed) = ('Perl/Box', 'Perl/Aside &- Rest', 'Perl/Renamed');

sub is {
    my ($got, $expected, $what) = @_;
    die "$what: got '" . ($got // 'undef') . "', expected '$expected'\n" unless defined $got && $got eq $expected;
}

sub session {
    my ($name, $compress) = @_;
    my $imap = Mail::IMAPClient->new(
        Server   => $host,
        Port     => $port,
        User     => $name,
        Password => $password,
        Uid      => 1,
        Peek     => 1,
        Compress => $compress,
        Timeout  => 60,
    ) or die "cannot connect: $@\n";
    return $imap;
}

sub message {
    my ($n, $subject, $more) = @_;
    return join "\r\n", "From: sender\@example.test", "To: reader\@example.test", "Subject: $subject",
        "Message-ID: <perl-$n\@example.test>", ($more ? $more : ()), '', "Text $n", ('x' x 70) x ($n + 1), '';
}

my $imap = session($user, 1);
my $done = sub { die "$_[0]: " . ($imap->LastError // '') . "\n" };
for my $name (qw(UIDPLUS IDLE SORT THREAD QUOTA ACL NAMESPACE)) {
    $imap->has_capability($name) or die "no $name\n";
}

# Folders
$imap->create($_) or $done->("CREATE $_") for $box, $aside;
is(join('|', sort $imap->folders('Perl/')), join('|', sort $box, $aside), 'folders');
$imap->subscribe($aside) or $done->('SUBSCRIBE');
is(join('|', $imap->subscribed('Perl/')), $aside, 'subscribed folders');
is($imap->separator, '/', 'separator');
$imap->namespace or $done->('NAMESPACE');

# Messages: each APPEND returns the UID.
my @subjects = ('pear', 'Apple', 'Re: Apple', 'quince "and" \\ cherry', 'banana');
my @uids;
for my $n (0 .. $#subjects) {
    my $reply = $n == 2 ? 'In-Reply-To: <perl-1@example.test>' : undef;
    push @uids, $imap->append_string($box, message($n, $subjects[$n], $reply), $n == 3 ? '\\Seen' : undef)
        || $done->('APPEND');
}
$imap->select($box) or $done->('SELECT');
is($imap->message_count, 5, 'messages');
is(join(' ', $imap->messages), join(' ', @uids), 'UIDs');
is($imap->message_string($uids[4]), message(4, 'banana'), 'message');
is($imap->get_header($uids[3], 'Subject'), $subjects[3], 'header');
# The module leaves the backslashes of a quoted string in place.
is($imap->get_envelope($uids[3])->subject =~ s/\\(.)/$1/gr, $subjects[3], 'subject of the envelope');
is($imap->get_bodystructure($uids[0])->bodytype, 'TEXT', 'structure');
my $sizes = $imap->fetch_hash('RFC822.SIZE', 'FLAGS');
is($sizes->{$uids[1]}{'RFC822.SIZE'}, length message(1, 'Apple'), 'size');

# Searches
is(join(' ', $imap->search(SUBJECT => 'and" \\')), $uids[3], 'SEARCH of a literal');
is(join(' ', $imap->search('UNSEEN', 'SUBJECT', 'apple')), "$uids[1] $uids[2]", 'SEARCH');
is(join(' ', $imap->sort('SUBJECT', 'UTF-8', 'ALL')), join(' ', @uids[1, 2, 4, 0, 3]), 'SORT');
is(join(' ', $imap->sort('(REVERSE SIZE)', 'UTF-8', 'NOT', 'SEEN')), join(' ', @uids[4, 2, 1, 0]), 'SORT by size');
my $threads = $imap->thread('REFERENCES', 'UTF-8', 'ALL') or $done->('THREAD');
my ($replied) = grep { $_->[0] == $uids[1] } @$threads;
is(join(' ', @{$replied // []}), "$uids[1] $uids[2]", 'THREAD');

# Flags, copies, moves
$imap->set_flag('Flagged', @uids[0, 1]) or $done->('STORE');
$imap->set_flag('$Work', $uids[1]) or $done->('STORE of a keyword');
is(join(' ', sort grep { $_ ne '\\Recent' } @{$imap->flags($uids[1])}), '$Work \\Flagged', 'flags');
is(join(' ', $imap->search('KEYWORD', '$Work')), $uids[1], 'SEARCH KEYWORD');
is($imap->unseen_count, 4, 'unseen');
$imap->copy($aside, @uids[0, 1]) or $done->('COPY');
$imap->move($aside, $uids[4]) or $done->('move');
$imap->delete_message($uids[2]) or $done->('delete');
$imap->uidexpunge($uids[4]) or $done->('UID EXPUNGE');
is(join(' ', $imap->messages), join(' ', @uids[0 .. 3]), 'after UID EXPUNGE');
$imap->expunge or $done->('EXPUNGE');
is(join(' ', $imap->messages), join(' ', @uids[0, 1, 3]), 'after EXPUNGE');

# IDLE: new mail and a deletion by another session.
my $second = session($user, 1);
my $tag = $imap->idle or $done->('IDLE');
$second->append_string($box, message(9, 'while idle')) or die 'APPEND: ' . $second->LastError . "\n";
await($imap, qr/\* 4 EXISTS/);
$second->select($box) or die "SELECT\n";
$second->delete_message($uids[0]) or die "delete\n";
$second->expunge or die "EXPUNGE\n";
await($imap, qr/\* 1 EXPUNGE/);
$imap->done($tag) or $done->('DONE');
is($imap->message_count, 3, 'messages after IDLE');

sub await {
    my ($client, $line) = @_;
    while (1) {
        my $came = $client->idle_data(60) or die 'IDLE: ' . $client->LastError . "\n";
        @$came or die "nothing came in a minute, expected $line\n";
        return if grep { $_ =~ $line } @$came;
    }
}

# Quota and rights
my $roots = $imap->getquotaroot($box) or $done->('GETQUOTAROOT');
grep { /\* QUOTAROOT / } @$roots or die "no quota root: @$roots\n";
$imap->setacl($aside, $other, 'lrs') or $done->('SETACL');
is($imap->getacl($aside)->{$other}, 'lrs', 'rights');
$imap->deleteacl($aside, $other) or $done->('DELETEACL');
is($imap->getacl($aside)->{$other} // 'none', 'none', 'rights taken back');

# A folder renamed while another session has it selected.
$imap->close or $done->('CLOSE');
$imap->rename($box, $renamed) or $done->('RENAME');
$second->noop or die 'NOOP: ' . $second->LastError . "\n";
is(scalar(@{$second->messages}), 3, 'messages of the renamed folder');
$second->logout;

# Everything goes to the other account.
# Not compressed: the module appends files as if no connection were.
my $target = session($other, 0);
$target->create('Perl/Copy') or die "CREATE\n";
$imap->select($renamed) or $done->('SELECT');
$imap->migrate($target, 'ALL', 'Perl/Copy') or $done->('migrate');
$target->select('Perl/Copy') or die "SELECT\n";
is(scalar(my @copied = $target->messages), 3, 'messages in the other account');
$target->logout;
$imap->logout;
print "done\n";
