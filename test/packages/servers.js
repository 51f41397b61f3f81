'use strict';
// The servers of the system's packages that the tests run against.
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const { Server, accepts, findProgram, run } = require('./server');

/** @type {Record<string, import('./server').Kind>} */
const kinds = {
  redis: {
    program: 'redis-server',
    version: ['--version'],
    prepare: (server) => server.makeCertificate(),
    args: (server) => [
      ...[
        '--port',
        `${server.port}`,
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--dir',
        server.directory,
      ],
      ...[
        '--tls-port',
        `${server.ports.second}`,
        '--tls-cert-file',
        'server.crt',
        '--tls-key-file',
        'server.key',
      ],
      ...[
        '--tls-ca-cert-file',
        'server.crt',
        '--tls-auth-clients',
        'no',
        '--appendonly',
        'yes',
        '--requirepass',
        'secret',
      ],
    ],
  },

  memcached: {
    program: 'memcached',
    version: ['--version'],
    user: 'nobody',
    args: (server) => ['-l', '127.0.0.1', '-p', `${server.port}`, '-U', '0', '-I', '4m'],
  },

  mosquitto: {
    program: 'mosquitto',
    version: ['-h'],
    prepare(server) {
      server.makeCertificate();
      server.write('passwords', '');
      run(findProgram('mosquitto_passwd'), ['-b', server.file('passwords'), 'user', 'secret']);
      server.write(
        'mosquitto.conf',
        `allow_anonymous false\npassword_file ${server.file('passwords')}\nuser root\n` +
          `max_inflight_messages 0\nmax_queued_messages 0\npersistence true\npersistence_location ${server.directory}/\n` +
          `listener ${server.port} 127.0.0.1\n` +
          `listener ${server.ports.second} 127.0.0.1\ncertfile ${server.file('server.crt')}\nkeyfile ${server.file('server.key')}\n`,
      );
    },
    args: (server) => ['-c', server.file('mosquitto.conf')],
  },

  nats: {
    program: 'nats-server',
    version: ['--version'],
    prepare(server) {
      server.makeCertificate();
      server.write(
        'nats.conf',
        `listen: 127.0.0.1:${server.port}\nauthorization { user: user, password: secret }\n` +
          `jetstream { store_dir: "${server.directory}" }\n` +
          `tls { cert_file: "${server.file('server.crt')}", key_file: "${server.file('server.key')}" }\nallow_non_tls: true\n`,
      );
    },
    args: (server) => ['-c', server.file('nats.conf')],
  },

  rabbitmq: {
    program: 'rabbitmq-server',
    versionProgram: 'dpkg-query', // its own option would start it
    version: ['-W', '-f', `\${Version}`, 'rabbitmq-server'],
    user: 'rabbitmq',
    prepare(server) {
      // It keeps the descriptors that it is given.
      const daemon = ['-daemon', '-relaxed_command_check', '-port', `${server.ports.third}`];
      spawnSync(...server.command(findProgram('epmd'), [...daemon, '-address', '127.0.0.1']), {
        stdio: 'ignore',
      });
      server.makeCertificate();
      server.write('enabled_plugins', '[rabbitmq_stomp,rabbitmq_amqp1_0].\n');
      server.write(
        'rabbitmq.conf',
        `listeners.tcp.1 = 127.0.0.1:${server.port}\nstomp.listeners.tcp.1 = 127.0.0.1:${server.ports.second}\nlog.file = false\nlog.console = true\n` +
          `listeners.ssl.1 = 127.0.0.1:${server.ports.fifth}\nstomp.listeners.ssl.1 = 127.0.0.1:${server.ports.sixth}\n` +
          `ssl_options.cacertfile = ${server.file('server.crt')}\nssl_options.certfile = ${server.file('server.crt')}\nssl_options.keyfile = ${server.file('server.key')}\n`,
      );
    },
    cleanUp: (server) =>
      spawnSync(findProgram('epmd'), ['-port', `${server.ports.third}`, '-kill']),
    env: (server) => ({
      HOME: server.directory,
      ERL_EPMD_PORT: `${server.ports.third}`,
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: `sluice${server.port}@localhost`,
      RABBITMQ_CONFIG_FILE: server.file('rabbitmq.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: server.file('enabled_plugins'),
      RABBITMQ_MNESIA_BASE: server.file('mnesia'),
      RABBITMQ_LOG_BASE: server.file('log'),
      RABBITMQ_PID_FILE: server.file('pid'),
      RABBITMQ_DIST_PORT: `${server.ports.fourth}`,
    }),
    ready: (server) => accepts(server.ports.second),
    args: () => [],
  },

  postgresql: {
    program: 'postgres',
    version: ['--version'],
    user: 'postgres',
    prepare(server) {
      server.own();
      server.write('password', 'secret');
      const options = [
        '-D',
        server.file('data'),
        '-U',
        'user',
        '--pwfile',
        server.file('password'),
        '-A',
        'scram-sha-256',
        '-N',
      ];
      run(...server.command(server.program.replace(/postgres$/, 'initdb'), options));
      server.makeCertificate();
    },
    ready: async (server) =>
      spawnSync(findProgram('pg_isready') ?? server.program.replace(/postgres$/, 'pg_isready'), [
        '-q',
        '-h',
        '127.0.0.1',
        '-p',
        `${server.port}`,
      ]).status === 0,
    args: (server) => [
      ...[
        '-D',
        server.file('data'),
        '-p',
        `${server.port}`,
        '-h',
        '127.0.0.1',
        '-k',
        server.directory,
        '-F',
      ],
      ...[
        '-c',
        'ssl=on',
        '-c',
        `ssl_cert_file=${server.file('server.crt')}`,
        '-c',
        `ssl_key_file=${server.file('server.key')}`,
      ],
    ],
  },

  mariadb: {
    program: 'mariadbd',
    version: ['--version'],
    user: 'mysql',
    prepare(server) {
      server.makeCertificate();
      const sql =
        "CREATE USER user@'127.0.0.1' IDENTIFIED BY 'secret';\nGRANT ALL ON *.* TO user@'127.0.0.1';\nCREATE DATABASE test;\n";
      server.write('init.sql', sql);
      const options = [
        '--no-defaults',
        `--datadir=${server.file('data')}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ];
      run(...server.command(findProgram('mariadb-install-db'), options));
    },
    args(server) {
      const first = !server.initialised;
      server.initialised = true;
      return [
        ...[
          '--no-defaults',
          `--datadir=${server.file('data')}`,
          `--port=${server.port}`,
          '--bind-address=127.0.0.1',
        ],
        ...[
          `--socket=${server.file('socket')}`,
          `--pid-file=${server.file('pid')}`,
          '--innodb-flush-log-at-trx-commit=0',
        ],
        ...[
          `--ssl-cert=${server.file('server.crt')}`,
          `--ssl-key=${server.file('server.key')}`,
          '--max-allowed-packet=16M',
        ],
        ...(first ? [`--init-file=${server.file('init.sql')}`] : []),
      ];
    },
  },

  vsftpd: {
    program: 'vsftpd',
    version: ['-v'],
    prepare(server) {
      server.makeCertificate();
      fs.mkdirSync(server.file('root/upload'), { recursive: true });
      fs.mkdirSync(server.file('empty'));
      fs.chmodSync(server.file('root/upload'), 0o777);
      const options = {
        listen: 'YES',
        listen_address: '127.0.0.1',
        listen_port: server.port,
        background: 'NO',
        anonymous_enable: 'YES',
        no_anon_password: 'YES',
        anon_root: server.file('root'),
        write_enable: 'YES',
        anon_upload_enable: 'YES',
        anon_mkdir_write_enable: 'YES',
        anon_other_write_enable: 'YES',
        anon_umask: '022',
        secure_chroot_dir: server.file('empty'),
        seccomp_sandbox: 'NO',
        run_as_launching_user: 'NO',
        ssl_enable: 'YES',
        allow_anon_ssl: 'YES',
        rsa_cert_file: server.file('server.crt'),
        rsa_private_key_file: server.file('server.key'),
      };
      const lines = Object.entries(options).map(([name, value]) => `${name}=${value}\n`);
      server.write('vsftpd.conf', lines.join(''));
    },
    args: (server) => [server.file('vsftpd.conf')],
  },

  ngircd: {
    program: 'ngircd',
    version: ['--version'],
    user: 'irc',
    prepare(server) {
      server.makeCertificate();
      server.write(
        'ngircd.conf',
        `[Global]\nName = irc.test\nInfo = test\nListen = 127.0.0.1\nPorts = ${server.port}\n` +
          '[Options]\nDNS = no\nIdent = no\nPAM = no\n[Limits]\nMaxConnectionsIP = 0\nMaxPenaltyTime = 0\nPingTimeout = 120\n' +
          `[SSL]\nCertFile = ${server.file('server.crt')}\nKeyFile = ${server.file('server.key')}\nPorts = ${server.ports.second}\n`,
      );
    },
    args: (server) => ['-n', '-f', server.file('ngircd.conf')],
  },

  danted: {
    program: 'danted',
    version: ['-v'],
    prepare(server) {
      server.write(
        'danted.conf',
        `logoutput: stderr\ninternal: 127.0.0.1 port = ${server.port}\nexternal: 127.0.0.1\nsocksmethod: none\nclientmethod: none\n` +
          'user.privileged: root\nuser.unprivileged: nobody\n' +
          'client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }\nsocks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }\n',
      );
    },
    args: (server) => ['-f', server.file('danted.conf')],
  },

  sshd: {
    program: 'sshd',
    versionProgram: 'ssh',
    version: ['-V'],
    prepare(server) {
      const keygen = (name, type, ...more) =>
        run(findProgram('ssh-keygen'), ['-q', '-t', type, '-f', server.file(name), ...more]);
      for (const type of ['ed25519', 'rsa']) keygen(`host_${type}`, type, '-N', '');
      for (const type of ['ed25519', 'ecdsa', 'rsa']) keygen(type, type, '-N', '');
      keygen('locked', 'ed25519', '-N', 'secret');
      const allowed = ['ed25519', 'ecdsa', 'rsa', 'locked'];
      server.write(
        'authorized_keys',
        allowed.map((name) => fs.readFileSync(server.file(`${name}.pub`))).join(''),
      );
      if (process.getuid() === 0) fs.mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
      // Keys are exchanged again while the larger transfers of tests run.
      server.write(
        'sshd_config',
        `ListenAddress 127.0.0.1:${server.port}\nHostKey ${server.file('host_ed25519')}\nHostKey ${server.file('host_rsa')}\n` +
          `AuthorizedKeysFile ${server.file('authorized_keys')}\nPidFile none\nStrictModes no\nUsePAM no\n` +
          'PermitRootLogin prohibit-password\nPasswordAuthentication no\nSubsystem sftp internal-sftp\n' +
          'RekeyLimit 512K\nMaxStartups 100\nMaxSessions 100\n' +
          // Releases from 10 on offer these only if they are named.
          'KexAlgorithms +diffie-hellman-group14-sha256,diffie-hellman-group-exchange-sha256\n',
      );
    },
    args: (server) => ['-D', '-e', '-f', server.file('sshd_config')],
  },

  slapd: {
    program: 'slapd',
    version: ['-VV'],
    user: 'openldap',
    prepare(server) {
      server.makeCertificate();
      fs.mkdirSync(server.file('data'));
      server.write(
        'slapd.conf',
        'include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\ninclude /etc/ldap/schema/inetorgperson.schema\n' +
          'modulepath /usr/lib/ldap\nmoduleload back_mdb\n' +
          `TLSCertificateFile ${server.file('server.crt')}\nTLSCertificateKeyFile ${server.file('server.key')}\n` +
          `database mdb\nsuffix "dc=test"\nrootdn "cn=admin,dc=test"\nrootpw secret\ndirectory ${server.file('data')}\n`,
      );
    },
    args: (server) => [
      '-d',
      '0',
      '-f',
      server.file('slapd.conf'),
      '-h',
      `ldap://127.0.0.1:${server.port}/`,
    ],
  },

  // It runs telnetd.
  inetd: {
    program: 'inetutils-inetd',
    version: ['--version'],
    prepare(server) {
      const login = server.write(
        'login.sh',
        "#!/bin/sh\nprintf 'login: '; read -r name\nstty -echo; printf 'Password: '; read -r password; stty echo; echo\n" +
          'if [ "$name:$password" != user:secret ]; then echo Login incorrect; exit 1; fi\n' +
          `PS1='shell# ' exec /bin/sh -i\n`,
      );
      fs.chmodSync(login, 0o755);
      const how = `stream tcp nowait ${os.userInfo().username}`;
      server.write(
        'inetd.conf',
        `127.0.0.1:${server.port} ${how} ${findProgram('telnetd')} telnetd -E ${login}\n`,
      );
    },
    // It stays in the foreground for debugging only.
    args: (server) => ['-d', `-p${server.file('pid')}`, server.file('inetd.conf')],
  },
};

/** A server of a kind, not started yet. @param {keyof typeof kinds} name */
function server(name) {
  const kind = kinds[name];
  const made = new Server(name, kind);
  if (name === 'postgresql' && !made.installed) {
    const folder = '/usr/lib/postgresql';
    const versions = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
    if (versions.length > 0) made.program = `${folder}/${versions.at(-1)}/bin/postgres`;
  }
  return made;
}

module.exports = { server };
