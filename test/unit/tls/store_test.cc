// Certificates by name, changed while connections run; loading of keys and certificates.
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <thread>

#include "peers.h"

namespace sluice::test {
namespace {

class TlsStoreTest : public LoopTest {
 protected:
  // The common name that a client which asks for name gets.
  std::string Served(const std::string& name) {
    TlsOptions client = ClientOptions();
    client.server_name = name;
    client.reject_unauthorized = false;
    client.verify_name.clear();
    TlsPair pair(loop(), server, client);
    EXPECT_TRUE(Until([&] { return pair.connected(); }));
    if (!pair.secure()) return "failed " + pair.client.error.code();
    auto der = pair.client.tls()->peer_certificates().at(0);
    const unsigned char* data = der.data();
    X509* certificate = d2i_X509(nullptr, &data, static_cast<long>(der.size()));
    char text[100] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text,
                              sizeof text);
    X509_free(certificate);
    return text;
  }
  bool Add(const std::string& name, const std::string& common_name) {
    return store->Set(name, ContextOf(Identity({.common_name = common_name}, &Authority())));
  }
  std::shared_ptr<CertificateStore> store = std::make_shared<CertificateStore>();
  TlsOptions server = [this] {
    TlsOptions options = ServerOptions();
    options.certificates = store;
    return options;
  }();
};

TEST_F(TlsStoreTest, ChoosesByNameAndSeesChangesAtOnce) {
  EXPECT_EQ(Served("a.example"), "localhost");
  ASSERT_TRUE(Add("a.example", "exact"));
  ASSERT_TRUE(Add("*.example", "wild"));
  EXPECT_EQ(Served("A.Example"), "exact");
  EXPECT_EQ(Served("a.example."), "exact");
  EXPECT_EQ(Served("b.example"), "wild");
  EXPECT_EQ(Served("c.b.example"), "localhost");  // one label only
  EXPECT_EQ(Served("example"), "localhost");
  EXPECT_EQ(Served(""), "localhost");
  TlsPair open(loop(), server);
  ASSERT_TRUE(Until([&] { return open.connected(); }));
  ASSERT_TRUE(Add("a.example", "replaced"));
  EXPECT_EQ(Served("a.example"), "replaced");
  ASSERT_TRUE(store->Remove("A.example"));
  EXPECT_EQ(Served("a.example"), "wild");
  ASSERT_TRUE(Add("", "default"));
  EXPECT_EQ(Served("unknown.test"), "default");
  EXPECT_FALSE(store->Remove("a.example"));
  open.client.Send("still here");
  ASSERT_TRUE(Until([&] { return open.server.received == "still here"; }));
  auto list = store->List();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[1].name, "*.example");
  CertificateInfo info = list[1].context->Describe();
  EXPECT_EQ(info.subject, "CN=wild");
  EXPECT_EQ(info.issuer, "CN=Test authority");
  EXPECT_EQ(info.fingerprint.size(), 95u);
  EXPECT_EQ(info.valid_to - info.valid_from, 25 * 3600);
}

TEST_F(TlsStoreTest, RefusesNamesThatAreNone) {
  for (const char* name : {"*", "*.", "a.*.b", "*a.example", "**.example", "a b", "a\nb"})
    EXPECT_FALSE(Add(name, "x")) << name;
  EXPECT_FALSE(Add(std::string(300, 'a'), "x"));
  EXPECT_FALSE(store->Set("a", TrustingContext()));  // no certificate
  EXPECT_EQ(store->Find("*.example"), nullptr);
  ASSERT_TRUE(Add("*.example", "wild"));
  EXPECT_EQ(store->Find("*.example"), nullptr);  // a client must not ask for it
  EXPECT_EQ(store->Find(".example"), nullptr);
}

TEST_F(TlsStoreTest, WithoutANameTheLocalAddressChooses) {
  server.ip_certificates = true;
  ASSERT_TRUE(Add("127.0.0.1", "address"));
  test::Pair tcp = TcpPair();
  End near, far;
  TlsOptions client = ClientOptions();
  client.server_name.clear();
  Wrap(loop(), tcp.ours.Take(), server, &near);
  Wrap(loop(), tcp.peer.Take(), client, &far);
  near.tls()->Start();
  far.tls()->Start();
  ASSERT_TRUE(Until([&] { return near.connects > 0 && far.connects > 0; }));
  ASSERT_FALSE(far.failed()) << far.error.message();
  EXPECT_EQ(far.tls()->peer_certificates()[0], near.tls()->own_certificate());
  Error error;
  EXPECT_EQ(store->Find("127.0.0.1")->context->Describe().subject, "CN=address");
}

TEST_F(TlsStoreTest, ThreadsChangeItWhileOthersRead) {
  auto context = ContextOf(Localhost());
  std::thread writer([&] {
    for (int i = 0; i < 2000; ++i) {
      store->Set("n" + std::to_string(i % 7) + ".example", context);
      store->Remove("n" + std::to_string((i + 3) % 7) + ".example");
    }
  });
  size_t seen = 0;
  for (int i = 0; i < 2000; ++i) {
    if (store->Find("n3.example")) ++seen;
    seen += store->List().size();
  }
  writer.join();
  EXPECT_LE(store->List().size(), 7u);
}

TEST(TlsThreadsTest, OneContextServesLoopsOfSeveralThreads) {
  TlsOptions server = ServerOptions(), client = ClientOptions();
  auto run = [&] {
    Loop loop;
    for (int i = 0; i < 5; ++i) {
      TlsPair pair(loop, server, client);
      while (!pair.connected()) loop.RunOnce(1000);
      EXPECT_TRUE(pair.secure());
    }
  };
  std::thread other(run);
  run();
  other.join();
}

struct Load {
  const char* name;
  std::function<void(TlsContextOptions&)> change;
  const char* code;
};

TEST(TlsContextTest, RefusesBadMaterialWithAClearCode) {
  const Identity& good = Localhost();
  Identity rsa({.kind = KeyKind::kRsa}), other((CertificateRequest()));
  const Load cases[] = {
      {"no PEM", [](auto& o) { o.certificates = {"nonsense"}; }, "ERR_OSSL_PEM_NO_START_LINE"},
      {"empty", [](auto& o) { o.certificates = {""}; }, "ERR_OSSL_PEM_NO_START_LINE"},
      {"other key",
       [&](auto& o) {
         o.keys = {{other.key_pem(), ""}};
       },
       "ERR_OSSL_X509_KEY_VALUES_MISMATCH"},
      {"other kind of key",
       [&](auto& o) {
         o.keys = {{rsa.key_pem(), ""}};
       },
       "ERR_SSL_NO_CERTIFICATE_ASSIGNED"},
      {"no passphrase",
       [&](auto& o) {
         o.keys = {{good.key_pem("secret"), ""}};
       },
       nullptr},
      {"bad passphrase",
       [&](auto& o) {
         o.keys = {{good.key_pem("secret"), "guess"}};
       },
       nullptr},
      {"bad archive",
       [&](auto& o) {
         o.archives = {{good.pkcs12("secret"), "guess"}};
       },
       "ERR_OSSL_PKCS12_MAC_VERIFY_FAILURE"},
      {"no archive",
       [&](auto& o) {
         o.archives = {{"x", ""}};
       },
       nullptr},
      {"ciphers", [](auto& o) { o.ciphers = "NONE-SUCH"; }, "ERR_SSL_NO_CIPHER_MATCH"},
      {"curves", [](auto& o) { o.curves = "P-1"; }, nullptr},
      {"versions", [](auto& o) { o.min_version = 0x0304, o.max_version = 0x0303; },
       "ERR_TLS_INVALID_OPTION"},
      {"authorities", [](auto& o) { o.authorities = {"x"}; }, "ERR_OSSL_PEM_NO_START_LINE"},
  };
  for (const Load& one : cases) {
    TlsContextOptions options;
    options.certificates = {good.certificate_pem()};
    options.keys = {{good.key_pem(), ""}};
    one.change(options);
    Error error;
    EXPECT_EQ(TlsContext::Create(options, &error), nullptr) << one.name;
    EXPECT_TRUE(error) << one.name;
    if (one.code != nullptr) {
      EXPECT_EQ(error.code(), one.code) << one.name;
    }
    EXPECT_NE(error.code(), "UNKNOWN") << one.name;
    EXPECT_EQ(error.message().find("PRIVATE"), std::string::npos);
    EXPECT_EQ(ERR_peek_error(), 0u) << one.name;
  }
}

TEST(TlsContextTest, ReadsEveryFormOfKeyAndCertificate) {
  const Identity& good = Localhost();
  for (int form = 0; form < 4; ++form) {
    TlsContextOptions options;
    if (form == 0) options.keys = {{good.key_pem("secret"), "secret"}};
    if (form == 1) options.archives = {{good.pkcs12("secret", &Authority()), "secret"}};
    if (form == 2) {
      unsigned char* der = nullptr;
      int size = i2d_PrivateKey(good.key(), &der);
      options.keys = {{std::string(reinterpret_cast<char*>(der), static_cast<size_t>(size)), ""}};
      OPENSSL_free(der);
    }
    if (form == 3) options.keys = {{"# comment\n" + good.key_pem(), ""}};
    if (form != 1)
      options.certificates = {good.certificate_pem() + "\n# next\n" +
                              Authority().certificate_pem()};
    auto context = MakeContext(options);
    ASSERT_TRUE(context) << form;
    EXPECT_TRUE(context->has_certificate());
    EXPECT_EQ(ERR_peek_error(), 0u);
  }
}

TEST_F(TlsStoreTest, CompletesAChainFromItsAuthorities) {
  Identity middle({.common_name = "Intermediate", .alternative_names = "", .authority = true},
                  &Authority());
  TlsContextOptions options;
  options.authorities = {middle.certificate_pem()};
  server.certificates = nullptr;
  server.context = ContextOf(Identity({}, &middle), options);
  TlsPair pair(loop(), server);
  ASSERT_TRUE(Until([&] { return pair.connected(); }));
  EXPECT_TRUE(pair.secure()) << pair.client.error.message();
}

TEST(TlsContextTest, ContextsOfTheSameAuthoritiesShareThem) {
  auto store_of = [](const TlsContextOptions& options) {
    auto context = MakeContext(options);
    X509_STORE* store = SSL_CTX_get_cert_store(context->native());
    X509_STORE_up_ref(store);  // so that no other has its address
    return std::shared_ptr<X509_STORE>(store, X509_STORE_free);
  };
  TlsContextOptions options;
  options.authorities = {Authority().certificate_pem()};
  auto first = store_of(options);
  EXPECT_EQ(first, store_of(options));
  TlsContextOptions other = options;
  other.default_authorities = true;
  EXPECT_NE(first, store_of(other));
  other = options;
  other.authorities = {Identity({.authority = true}).certificate_pem()};
  auto second = store_of(other);
  EXPECT_NE(first, second);
  STACK_OF(X509_OBJECT)* found = X509_STORE_get0_objects(second.get());
  EXPECT_EQ(1, sk_X509_OBJECT_num(found));
}

TEST(TlsContextTest, KnowsTheSystemsAuthorities) {
  Error error;
  for (const std::string& pem : SystemAuthorities(&error))
    ASSERT_EQ(pem.substr(0, 27), "-----BEGIN CERTIFICATE-----");
  TlsContextOptions options;
  EXPECT_TRUE(MakeContext(options));
}

}  // namespace
}  // namespace sluice::test
